import { assertEquals } from "@std/assert";
import { pinsFile, TemporaryFile } from "../helpers/linux/applying.ts";
import { pinsOn } from "../helpers/linux/moving.ts";
import { DEVICE, networkTest } from "../helpers/linux/network.ts";
import { Command, words } from "../helpers/linux/process.ts";

/** Which docs/apply.md says. */
networkTest("nohup does not keep a guard from ending at SIGHUP", async () => {
  using file = new TemporaryFile(pinsFile(pinsOn(DEVICE, 1) as never));
  await using command = new Command(
    "nohup",
    Deno.execPath(),
    ...words("--allow-ffi", `--allow-read=${file.path}`),
    ...["cli.ts", "apply", file.path, "--watch", "--json"],
  );
  assertEquals(JSON.parse((await command.line())!).type, "applied");
  assertEquals(await command.end("SIGHUP"), 0);
});
