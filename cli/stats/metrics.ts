/**
 * Formats statistics as Prometheus reads them. The lines are valid in its text
 * format 0.0.4 and in OpenMetrics 1.0. Pure.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @module
 */

import type { TableLimits } from "../../ffi/backend.ts";
import type { PinCount, RowCount } from "../../reconcile/statistics.ts";
import { escapeText, nameText } from "../output/text.ts";

/** What `neighbor stats` counts; `--json` prints it. */
export interface Statistics {
  readonly entries: readonly RowCount[];
  /** Empty where the system does not tell. */
  readonly tables: readonly TableLimits[];
  /** `null` without `--pins`. */
  readonly pins: PinCount | null;
}

type Labels = Readonly<Record<string, string>>;

/** The lines, in order. */
export function metricLines({ entries, tables, pins }: Statistics): string[] {
  return [
    ...gauge(
      "neighbor_entries",
      "Rows of the neighbor table, by address family, interface and state.",
      entries.map(({ family, state, entries, ...on }) => {
        const name = on.interfaceAlias ?? String(on.interfaceIndex);
        return [{ family, interface: name, state }, entries];
      }),
    ),
    ...gauge(
      "neighbor_table_entries",
      "Entries that the kernel counts, in all network namespaces (Linux).",
      tables.map(({ family, entries }) => [{ family }, entries]),
    ),
    ...gauge(
      "neighbor_gc_threshold_entries",
      "gc_thresh1, gc_thresh2 and gc_thresh3, which limit the entries (Linux).",
      tables.flatMap(({ family, thresholds }) =>
        thresholds.map((entries, i): [Labels, number] => [
          { family, threshold: `${i + 1}` },
          entries,
        ])
      ),
    ),
    ...(pins === null ? [] : gauge(
      "neighbor_pins",
      "Pins of the file, by how the table agrees with them.",
      [
        [{ status: "in_sync" }, pins.inSync],
        [{ status: "missing" }, pins.missing],
        [{ status: "dynamic" }, pins.dynamic],
        [{ status: "conflicting" }, pins.conflicting],
        [{ status: "other_protocol" }, pins.otherProtocol],
      ],
    )),
    "# EOF",
  ];
}

function gauge(
  name: string,
  help: string,
  samples: readonly (readonly [Labels, number])[],
): string[] {
  // A reader refuses the whole file where labels repeat, as they may where an
  // interface is renamed meanwhile
  const values = new Map<string, number>();
  for (const [labels, value] of samples) {
    const words = Object.entries(labels)
      .map(([label, text]) => `${label}="${labelValue(text)}"`).join(",");
    values.set(words, (values.get(words) ?? 0) + value);
  }
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...Array.from(values, ([words, value]) => `${name}{${words}} ${value}`),
  ];
}

/** The value of a label: the text as `interfaces` prints it, quoted. */
function labelValue(text: string): string {
  return escapeText(nameText(text)).replace(/[\\"]/g, "\\$&");
}
