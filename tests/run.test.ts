import { assertEquals } from "@std/assert";
import { readJunit, sum, type TestResult } from "./helpers/run.ts";

/** What Deno 2.9.6 writes. */
const XML = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="0.600">
  <testsuite name="./tests/a.test.ts" tests="3" disabled="1" errors="0" failures="1">
    <testcase name="the kernel&apos;s &lt;own&gt; &amp;lt;" classname="./tests/a.test.ts" time="0.000" line="33" col="8">
    </testcase>
    <testcase name="b" classname="./tests/a.test.ts" time="0.000" line="33" col="8">
      <skipped/>
    </testcase>
    <testcase name="c" classname="./tests/a.test.ts" time="0.000" line="33" col="8">
      <failure message="Uncaught">why</failure>
    </testcase>
  </testsuite>
  <testsuite name="./tests/windows/d.test.ts" tests="1" disabled="1" errors="0" failures="0">
    <testcase name="d" classname="./tests/windows/d.test.ts" time="0.000"/>
  </testsuite>
</testsuites>`;

Deno.test("readJunit() returns every test", () => {
  assertEquals(readJunit(XML), [
    {
      name: "the kernel's <own> &lt;",
      file: "./tests/a.test.ts",
      outcome: "passed",
    },
    { name: "b", file: "./tests/a.test.ts", outcome: "skipped" },
    { name: "c", file: "./tests/a.test.ts", outcome: "failed" },
    { name: "d", file: "./tests/windows/d.test.ts", outcome: "passed" },
  ]);
});

Deno.test("sum() counts skipped tests by cause, with the command that lets them run", () => {
  const skipped = (name: string, file: string): TestResult => (
    { name, file, outcome: "skipped" }
  );
  const results: TestResult[] = [
    ...readJunit(XML),
    skipped("e", "./tests/windows/e.test.ts"),
    skipped("h", "./tests/helpers/fleet/fleet.ts"),
    skipped("f", "./tests/linux/f.test.ts"),
    skipped("g", "./tests/linux/f.test.ts"),
  ];
  const cause = { missing: "there is no tea", remedy: "apt-get install tea" };
  const causes = new Map([["f", cause], ["g", cause]]);
  assertEquals(sum(results, causes), [
    "In all: 2 passed, 1 failed, 5 skipped",
    "     2 skipped: there is no tea\n               to run: apt-get install tea",
    "     1 skipped: the test does not say why\n" +
    "               to run: deno test -A, and look for SKIPPED",
    "     1 skipped: deno.exe under Wine has a run of its own\n" +
    "               to run: deno task test:windows",
    "     1 skipped: Ansible with an sshd in each namespace has a run of its own\n" +
    "               to run: as root: apt-get install ansible-core " +
    "openssh-server openssh-client; deno task test:fleet",
  ]);
});
