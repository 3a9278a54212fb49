/**
 * The examples of docs/monitoring.md, with the command of this checkout.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { pinsFile } from "../helpers/linux/applying.ts";
import { works } from "../helpers/linux/namespace.ts";
import { DEVICE, ip, networkTest } from "../helpers/linux/network.ts";
import { words } from "../helpers/linux/process.ts";
import { checkMetrics, promtoolMissing } from "../helpers/promtool.ts";
import { notInstalled } from "../helpers/skipped.ts";
import { pause } from "../helpers/pause.ts";

const PAGE = Deno.readTextFileSync(
  new URL("../../docs/monitoring.md", import.meta.url),
);
const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));
const [A, B] = ["02:fc:00:00:00:0a", "02:fc:00:00:00:0b"];

/** The example of a section, by the language of its block. */
function example(section: string, language: string): string {
  const text = PAGE.split(`\n## ${section}\n`)[1]?.split("\n## ")[0] ?? "";
  const found = text.split("```" + language + "\n")[1]?.split("```")[0];
  assert(found !== undefined, `${section} has no ${language}`);
  return found;
}

/** A folder with a `neighbor` of this checkout, and what examples write. */
class Place implements Disposable {
  readonly path: string = Deno.makeTempDirSync();

  constructor() {
    Deno.mkdirSync(`${this.path}/bin`);
    const line = [Deno.execPath(), ...words("--allow-ffi", "--allow-read"), CLI]
      .map((word) => `'${word}'`).join(" ");
    this.program("neighbor", `exec ${line} "$@"`);
  }

  /** Writes a program of the shell that examples find. */
  program(name: string, text: string): void {
    const path = `${this.path}/bin/${name}`;
    Deno.writeTextFileSync(path, `#!/bin/sh\n${text}\n`);
    Deno.chmodSync(path, 0o755);
  }

  /** Pins of addresses on the device; the folders of the examples are here. */
  pins(...addresses: readonly string[]): void {
    const pins = addresses.map((address) => ({
      ...{ address, linkLayerAddress: A!, interfaceAlias: DEVICE },
    }));
    Deno.writeTextFileSync(`${this.path}/pins.json`, pinsFile(pins));
  }

  /** The text with the folders and the device of this place. */
  here(text: string): string {
    return text.replaceAll(
      /\/etc\/neighbor|\/var\/lib\/prometheus\/node-exporter/g,
      this.path,
    ).replaceAll("/usr/local/bin", `${this.path}/bin`)
      .replaceAll("eth0", DEVICE);
  }

  /** Runs a line of the shell. */
  async run(line: string, ...args: string[]): Promise<[number, string]> {
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", line, "sh", ...args],
      env: { PATH: `${this.path}/bin:${Deno.env.get("PATH")}` },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    assertEquals(text.decode(stderr), "");
    return [code, text.decode(stdout)];
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

networkTest(
  "docs/monitoring.md: cron mails what differs, and nothing else",
  async () => {
    using place = new Place();
    const [path, line] = example("cron", "crontab").trim().split("\n");
    assertEquals(path, "PATH=/usr/local/bin:/usr/bin:/bin");
    // Five times and a user, then the command; cron would cut it at a "%"
    const [, command] = /^(?:\S+ ){5}nobody (.*)$/.exec(line!)!;
    assert(!command!.includes("%"));
    place.pins("10.0.0.9");
    const differs = await place.run(place.here(command!));
    assertMatch(differs[1], /^\+ 10\.0\.0\.9 .*\nIt differs: 1 to create; 0 /);
    ip(`neigh add 10.0.0.9 lladdr ${A} dev ${DEVICE}`);
    assertEquals(await place.run(place.here(command!)), [0, ""]);
  },
);

networkTest(
  "docs/monitoring.md: the plugin of Nagios maps the exit codes",
  async () => {
    using place = new Place();
    const plugin = example("Nagios and Icinga", "sh");
    assertEquals(plugin.trim().split("\n").length, 6);
    const pins = `${place.path}/pins.json`;
    place.pins("10.0.0.9", "10.0.0.10");
    const [critical, why] = await place.run(plugin, pins);
    assertEquals(critical, 2);
    // The summary stands first, because Nagios shows the first line only
    assertMatch(
      why,
      /^NEIGHBOR CRITICAL: It differs: 2 to create; 0 unchanged\n\+ 10\.0\.0\.9 .*\n\+ 10\.0\.0\.10 .*\n$/,
    );
    for (const address of ["10.0.0.9", "10.0.0.10"]) {
      ip(`neigh add ${address} lladdr ${A} dev ${DEVICE}`);
    }
    assertEquals(await place.run(plugin, pins), [
      0,
      "NEIGHBOR OK: Nothing to do: 2 unchanged\n",
    ]);
    Deno.writeTextFileSync(pins, "[{}, {}]");
    const [mistaken, mistakes] = await place.run(plugin, pins);
    assertEquals(mistaken, 3);
    assertMatch(mistakes, /^NEIGHBOR UNKNOWN: neighbor: .*6 mistakes/);
    assertEquals(mistakes.trim().split("\n").length, 7);
    const [unknown, text] = await place.run(plugin, `${place.path}/a|b.json`);
    assertEquals(unknown, 3);
    assertMatch(text, /^NEIGHBOR UNKNOWN: neighbor: Cannot read /);
    assert(!text.includes("|"), text);
  },
);

/** The value of each sample. */
function samples(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => /^[^#]/.test(line));
  return new Map(lines.map((line) => {
    const [, name, value] = /^(.*) (\d+)$/.exec(line)!;
    return [name!, Number(value)];
  }));
}

networkTest(
  "docs/monitoring.md: the textfile has the rows, thresholds and pins that ip shows",
  async () => {
    using place = new Place();
    const script = place.here(example("Prometheus", "sh"));
    place.pins("10.0.0.7", "10.0.0.8", "10.0.0.9");
    ip(`neigh add 10.0.0.7 lladdr ${A} dev ${DEVICE}`);
    ip(`neigh add 10.0.0.8 lladdr ${B} dev ${DEVICE} nud stale`);
    assertEquals(await place.run(script), [0, ""]);
    const text = Deno.readTextFileSync(`${place.path}/neighbor.prom`);
    const found = samples(text);
    for (const status of ["in_sync", "conflicting", "missing"]) {
      assertEquals(found.get(`neighbor_pins{status="${status}"}`), 1, text);
    }
    const rows = JSON.parse(ip("-j -4 neigh show nud all")) as {
      readonly dev: string;
      readonly state: readonly string[];
    }[];
    for (const state of ["permanent", "stale"]) {
      const labels = `family="ipv4",interface="${DEVICE}",state="${state}"`;
      const count = rows.filter((row) =>
        row.dev === DEVICE && row.state[0] === state.toUpperCase()
      ).length;
      assertEquals(found.get(`neighbor_entries{${labels}}`), count, text);
    }
    for (
      const [word, family] of [["inet", "ipv4"], ["inet6", "ipv6"]] as const
    ) {
      const table = ip("ntable show").split(/\n(?=inet)/)
        .find((one) => one.startsWith(`${word} `) && one.includes("thresh1"))!;
      const [, ...limits] = /thresh1 (\d+) thresh2 (\d+) thresh3 (\d+)/.exec(
        table,
      )!;
      assertEquals(
        [1, 2, 3].map((threshold) => {
          const labels = `family="${family}",threshold="${threshold}"`;
          return found.get(`neighbor_gc_threshold_entries{${labels}}`);
        }),
        limits.map(Number),
      );
      const entries = found.get(`neighbor_table_entries{family="${family}"}`);
      assert(entries !== undefined && entries > 0, text);
    }
    assertEquals(await checkMetrics(text), "");

    // The file before stays where there is nothing to put in its place
    Deno.writeTextFileSync(`${place.path}/pins.json`, "{");
    await place.run(`{ ${script}\n} 2>/dev/null`);
    assertEquals(Deno.readTextFileSync(`${place.path}/neighbor.prom`), text);
    const names = [...Deno.readDirSync(place.path)].map(({ name }) => name);
    assertEquals(names.toSorted(), ["bin", "neighbor.prom", "pins.json"]);
  },
  promtoolMissing,
);

/** Series of a computer, and which alerts they raise. */
const RULES_TEST = `
rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - series: 'neighbor_pins{instance="a",status="conflicting"}'
        values: '0 0 1'
      - series: 'neighbor_pins{instance="a",status="missing"}'
        values: '1x20'
      - series: 'neighbor_pins{instance="a",status="dynamic"}'
        values: '0x20'
      - series: 'neighbor_table_entries{instance="a",family="ipv4"}'
        values: '100 1000'
      - series: 'neighbor_gc_threshold_entries{instance="a",family="ipv4",threshold="3"}'
        values: '1024x20'
      - series: 'neighbor_gc_threshold_entries{instance="a",family="ipv4",threshold="1"}'
        values: '128x20'
      - series: 'neighbor_table_entries{instance="pins",family="ipv4"}'
        values: '2000x20'
      - series: 'neighbor_entries{instance="pins",family="ipv4",interface="eth0",state="permanent"}'
        values: '900x20'
      - series: 'neighbor_entries{instance="pins",family="ipv4",interface="eth1",state="permanent"}'
        values: '1000x20'
      - series: 'neighbor_gc_threshold_entries{instance="pins",family="ipv4",threshold="3"}'
        values: '1024x20'
      - series: 'node_textfile_mtime_seconds{instance="a",file="/var/neighbor.prom"}'
        values: '0x20'
    alert_rule_test:
      - { eval_time: 1m, alertname: NeighborPinConflicting, exp_alerts: [] }
      - eval_time: 2m
        alertname: NeighborPinConflicting
        exp_alerts:
          - exp_labels: { instance: a, status: conflicting }
            exp_annotations: { summary: An address has another link-layer address than its pin. }
      - { eval_time: 9m, alertname: NeighborPinMissing, exp_alerts: [] }
      - eval_time: 10m
        alertname: NeighborPinMissing
        exp_alerts:
          - exp_labels: { instance: a }
            exp_annotations: { summary: 'A pin is not in the neighbor table, or is not permanent.' }
      - { eval_time: 0m, alertname: NeighborTableFull, exp_alerts: [] }
      - eval_time: 1m
        alertname: NeighborTableFull
        exp_alerts:
          - exp_labels: { instance: a, family: ipv4 }
            exp_annotations: { summary: The kernel will refuse new neighbors soon. }
      - { eval_time: 10m, alertname: NeighborStatsOld, exp_alerts: [] }
      - eval_time: 11m
        alertname: NeighborStatsOld
        exp_alerts:
          - exp_labels: { instance: a, file: /var/neighbor.prom }
            exp_annotations: { summary: The metrics of neighbor are no longer written. }
`;

networkTest(
  "docs/monitoring.md: promtool accepts the rules, and each alert is raised when it should",
  async () => {
    using place = new Place();
    const rules = example("Prometheus", "yaml");
    assertEquals([...rules.matchAll(/alert: /g)].length, 4);
    Deno.writeTextFileSync(`${place.path}/rules.yaml`, rules);
    Deno.writeTextFileSync(`${place.path}/test.yaml`, RULES_TEST);
    for (
      const line of [
        "promtool check rules --lint=all --lint-fatal rules.yaml",
        "promtool test rules test.yaml",
      ]
    ) {
      const [code, text] = await place.run(`cd ${place.path} && ${line} 2>&1`);
      assertEquals(code, 0, text);
      assert(text.includes("SUCCESS"), text);
    }
  },
  promtoolMissing,
);

networkTest(
  "docs/monitoring.md: the unit of systemd is one, and its command prints findings",
  async () => {
    using place = new Place();
    const unit = place.here(example("New and changed stations", "ini"));
    const path = `${place.path}/stations.service`;
    Deno.writeTextFileSync(path, unit);
    const [code, text] = await place.run(
      `systemd-analyze verify --man=no '${path}' 2>&1`,
    );
    // It also judges units of this computer
    const own = text.split("\n").filter((line) => line.includes("stations"));
    assertEquals([code, own], [0, []], text);
    const [, command] = /^ExecStart=(.*)$/m.exec(unit)!;
    assertMatch(await firstFinding(place, command!), NEW_STATION);
  },
  works("systemd-analyze", "--version")
    ? undefined
    : notInstalled("systemd-analyze", "systemd"),
);

networkTest(
  "docs/monitoring.md: the line for syslog hands findings to logger",
  async () => {
    using place = new Place();
    place.program("logger", 'echo "$@"; exec cat');
    const text = await firstFinding(
      place,
      example("New and changed stations", "sh").trim(),
    );
    const [tag, finding] = text.split("\n");
    assertEquals(tag, "-t neighbor");
    assertMatch(finding!, NEW_STATION);
  },
);

/** The line of a finding, where no terminal reads it. */
const NEW_STATION = new RegExp(
  `^\\+ [0-9: -]{14} new station 10\\.9\\.9\\.\\d+ [0-9a-f:]{17} ${DEVICE}\n?$`,
);

/** Runs a watch until it has told of a new station; returns what it printed. */
async function firstFinding(place: Place, line: string): Promise<string> {
  const child = new Deno.Command("setsid", {
    args: ["sh", "-c", line],
    env: { PATH: `${place.path}/bin:${Deno.env.get("PATH")}` },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let isTold = false;
  const adds = (async () => {
    for (let i = 1; !isTold && i < 250; i++) {
      const mac = `02:fc:00:00:00:${i.toString(16).padStart(2, "0")}`;
      ip(`neigh add 10.9.9.${i} lladdr ${mac} dev ${DEVICE}`);
      await pause(150);
    }
  })();
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of child.stdout) {
      text += decoder.decode(chunk);
      if (/new.*\n/.test(text)) break;
    }
  } finally {
    isTold = true;
    // The group, because a pipeline is several processes
    await new Deno.Command("kill", { args: ["--", `-${child.pid}`] }).output();
    await child.status;
    await adds;
  }
  return text;
}
