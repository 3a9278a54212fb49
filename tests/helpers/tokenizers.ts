/**
 * Splits lines into words as the programs do that read what `export` prints.
 * Written after the rules of each, and independent of cli/export.
 *
 * @module
 */

/**
 * The words of each line of a file for `ip -batch`: `getcmdline` and `makeargs`
 * of iproute2, whose words and lines end at these bytes only.
 */
export function ipBatchWords(text: string): string[][] {
  const joined = text.split("\n").map((line) => line.split("#")[0]!)
    .join("\n").replaceAll("\\\n", "");
  return joined.split("\n").map(ipLineWords).filter((line) => line.length > 0);
}

function ipLineWords(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && " \t\r".includes(line[at]!)) at++;
    if (at === line.length) return words;
    const mark = line[at]!;
    if (mark === '"' || mark === "'") {
      const end = line.indexOf(mark, at + 1);
      if (end < 0) throw new Error("Unterminated quoted string");
      words.push(line.slice(at + 1, end));
      at = end + 1;
      continue;
    }
    const start = at;
    while (at < line.length && !" \t\r".includes(line[at]!)) at++;
    words.push(line.slice(start, at));
  }
}

/**
 * The words that a program gets of each line of a batch file: cmd expands `%`
 * and `!`, and outside quotation marks takes `& | < > ^ ( )`; then the rules of
 * CommandLineToArgvW apply. Refuses what cmd would change.
 */
export function cmdWords(text: string): string[][] {
  return text.split("\r\n").filter((line) => line !== "").map((line) => {
    if (/[%!]/.test(line)) throw new Error(`cmd expands: ${line}`);
    if (/[\r\n]/.test(line)) throw new Error("the line ends early");
    if (/[&|<^()]/.test(line.replaceAll(/"[^"]*"/g, ""))) {
      throw new Error(`cmd takes an operator: ${line}`);
    }
    return argvWords(line);
  });
}

function argvWords(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let [isWord, isQuoted] = [false, false];
  for (let at = 0; at < line.length; at++) {
    const slashes = /^\\*/.exec(line.slice(at))![0].length;
    if (line[at + slashes] === '"') {
      // Before a mark each pair of backslashes is one; an odd one escapes it
      word += "\\".repeat(slashes >> 1);
      if (slashes % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
      isWord = true;
      at += slashes;
    } else if (slashes > 0) {
      word += "\\".repeat(slashes);
      isWord = true;
      at += slashes - 1;
    } else if (!isQuoted && (line[at] === " " || line[at] === "\t")) {
      if (isWord) words.push(word);
      [word, isWord] = ["", false];
    } else {
      word += line[at];
      isWord = true;
    }
  }
  if (isQuoted) throw new Error("the quotation mark is not closed");
  return isWord ? [...words, word] : words;
}

/** The quotation marks that PowerShell takes as single ones. */
const SINGLE = "'\u2018\u2019\u201a\u201b";

/**
 * The words of each line of a script of PowerShell, where they are barewords,
 * braces, text in single quotation marks, or a sum of such text and of
 * `[char]NUMBER`. Refuses everything else, such as a variable.
 */
export function powershellWords(text: string): string[][] {
  // Windows PowerShell decodes other bytes by the code page of the system
  if (/[^\x20-\x7e\n]/.test(text)) throw new Error("not ASCII");
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const words: string[] = [];
    for (let at = 0; at < line.length;) {
      if (line[at] === " ") at++;
      else if (line[at] === "(") {
        const { value, end } = readSum(line, at + 1);
        words.push(value);
        at = end;
      } else if (SINGLE.includes(line[at]!)) {
        const { value, end } = readText(line, at);
        words.push(value);
        at = end;
      } else {
        const [bare] = /^[-\w{}]+/.exec(line.slice(at)) ?? [];
        if (bare === undefined) throw new Error(`not a word: ${line[at]}`);
        words.push(bare);
        at += bare.length;
      }
    }
    return words;
  });
}

function readText(line: string, start: number) {
  let value = "";
  for (let at = start + 1; at < line.length; at++) {
    if (!SINGLE.includes(line[at]!)) value += line[at];
    else if (SINGLE.includes(line[at + 1] ?? " ")) value += line[++at];
    else return { value, end: at + 1 };
  }
  throw new Error("the quotation mark is not closed");
}

function readSum(line: string, start: number) {
  let value = "";
  let at = start;
  for (let isFirst = true;; isFirst = false) {
    const [character, digits] = /^\[char\]0x([0-9a-f]{4})/
      .exec(line.slice(at)) ?? [];
    if (SINGLE.includes(line[at]!)) {
      const part = readText(line, at);
      value += part.value;
      at = part.end;
    } else if (character !== undefined && !isFirst) {
      value += String.fromCharCode(parseInt(digits!, 16));
      at += character.length;
    } else throw new Error(`not a term at ${at}: ${line}`);
    if (line[at] === ")") return { value, end: at + 1 };
    if (line.slice(at, at + 3) !== " + ") throw new Error("no sum");
    at += 3;
  }
}
