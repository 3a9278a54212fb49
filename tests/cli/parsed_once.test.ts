import { assertEquals } from "@std/assert";
import { EntryList } from "../../ffi/entry_list.ts";
import { applyText } from "../helpers/apply_text.ts";
import { FakeTable, interfaceOf } from "../helpers/fake_table.ts";

const FILE = JSON.stringify(
  Array.from({ length: 10 }, (_, i) => ({
    address: `10.0.0.${i + 1}`,
    linkLayerAddress: "02:fc:00:00:00:05",
    interfaceAlias: i % 2 === 0 ? "va" : "vb",
  })),
);

/** How often an entry is parsed, for each names its interface to the list. */
class Parses implements Disposable {
  readonly #number = EntryList.prototype.number;
  count = 0;

  constructor() {
    const { prototype } = EntryList;
    const number = this.#number;
    const count = () => this.count++;
    prototype.number = function (...names) {
      count();
      return number.apply(this, names);
    };
  }

  [Symbol.dispose](): void {
    EntryList.prototype.number = this.#number;
  }
}

for (
  const [words, lookUps] of [
    [[], 2], // and once more at the end
    [["--keep-going"], 2],
    [["--check"], 1],
    [["--dry-run"], 1],
    [["--watch"], 2],
  ] as const
) {
  Deno.test(`apply ${words} parses each pin once and looks its interface up ${lookUps} times at most`, async () => {
    const table = new FakeTable([interfaceOf(2, "va"), interfaceOf(3, "vb")]);
    table.isTold = true;
    const { fake } = table;
    let listings = 0;
    const interfaces = fake.interfaces.bind(fake);
    fake.interfaces = () => {
      listings++;
      return interfaces();
    };
    using parses = new Parses();
    const { thrown, code } = await applyText(
      table,
      FILE,
      words,
      // A guard is ended once it says that it guards
      (text) => text.includes("guarding"),
    );
    assertEquals([thrown, code], [undefined, words[0] === "--check" ? 5 : 0]);
    assertEquals(parses.count, 10);
    assertEquals(fake.lookUps, lookUps);
    // To compare with the link-layer addresses of the interfaces
    assertEquals(listings, 1);
  });
}
