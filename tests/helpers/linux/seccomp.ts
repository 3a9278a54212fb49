/**
 * Runs a program whose system calls the kernel refuses as another kernel, or a
 * sandbox, does: `deno run -A seccomp.ts strict|ioctl PROGRAM ARGUMENT…`.
 *
 * @module
 */

import {
  NETLINK_GET_STRICT_CHK,
  SIOCGIFINDEX,
  SIOCGIFNAME,
  SOL_NETLINK,
} from "../../../ffi/linux/netlink/layout.ts";

/** linux/sockios.h: an interface may be asked for by this one too. */
const SIOCGIFHWADDR = 0x8927;

/** linux/prctl.h, linux/seccomp.h, linux/filter.h, linux/bpf_common.h */
const PR_SET_SECCOMP = 22;
const PR_SET_NO_NEW_PRIVS = 38;
const SECCOMP_MODE_FILTER = 2;
const SECCOMP_RET_ALLOW = 0x7fff_0000;
const SECCOMP_RET_ERRNO = 0x0005_0000;
const BPF_LD_W_ABS = 0x20;
const BPF_JEQ_K = 0x15;
const BPF_RET_K = 0x06;

/** `struct seccomp_data`: the number of the call, and its arguments' low words. */
const NR = 0;
const argument = (at: number) => 16 + 8 * at;

const CALLS = {
  x86_64: { setsockopt: 54, ioctl: 16 },
  aarch64: { setsockopt: 208, ioctl: 29 },
}[Deno.build.arch];

/** Which calls are refused: words at offsets of `struct seccomp_data`, and errno. */
interface Refusal {
  readonly words: readonly (readonly [offset: number, value: number])[];
  readonly errno: number;
}

const REFUSALS: Readonly<Record<string, readonly Refusal[]>> = {
  // Linux before 4.20: ENOPROTOOPT
  strict: [{
    words: [
      [NR, CALLS.setsockopt],
      [argument(1), SOL_NETLINK],
      [argument(2), NETLINK_GET_STRICT_CHK],
    ],
    errno: 92,
  }],
  // A sandbox: ENOTTY
  ioctl: [SIOCGIFINDEX, SIOCGIFNAME, SIOCGIFHWADDR].map((request) => ({
    words: [[NR, CALLS.ioctl], [argument(1), request]],
    errno: 25,
  })),
};

/** A `struct sock_filter[]`. */
function filter(refusals: readonly Refusal[]): Uint8Array<ArrayBuffer> {
  const code: [code: number, jt: number, jf: number, k: number][] = [];
  for (const { words, errno } of refusals) {
    for (const [at, [offset, value]] of words.entries()) {
      code.push([BPF_LD_W_ABS, 0, 0, offset]);
      // Where it differs, behind the rest of this refusal
      code.push([BPF_JEQ_K, 0, 2 * (words.length - at - 1) + 1, value]);
    }
    code.push([BPF_RET_K, 0, 0, SECCOMP_RET_ERRNO | errno]);
  }
  code.push([BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW]);
  const bytes = new Uint8Array(8 * code.length);
  const view = new DataView(bytes.buffer);
  for (const [at, [operation, jt, jf, k]] of code.entries()) {
    view.setUint16(8 * at, operation, true);
    view.setUint8(8 * at + 2, jt);
    view.setUint8(8 * at + 3, jf);
    view.setUint32(8 * at + 4, k, true);
  }
  return bytes;
}

/** Refuses the calls to this thread, and to the processes that it starts. */
function refuse(refusals: readonly Refusal[]): void {
  const { symbols: { prctl } } = Deno.dlopen("", {
    prctl: {
      parameters: ["i32", "u64", "buffer", "u64", "u64"],
      result: "i32",
    },
  });
  const code = filter(refusals);
  // struct sock_fprog
  const program = new DataView(new ArrayBuffer(16));
  program.setUint16(0, code.length / 8, true);
  program.setBigUint64(
    8,
    BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(code))),
    true,
  );
  const done = prctl(PR_SET_NO_NEW_PRIVS, 1n, null, 0n, 0n) === 0 &&
    prctl(
        PR_SET_SECCOMP,
        BigInt(SECCOMP_MODE_FILTER),
        new Uint8Array(program.buffer),
        0n,
        0n,
      ) === 0;
  if (!done) throw new Error("the kernel takes no seccomp filter");
}

if (import.meta.main) {
  const [which, program, ...args] = Deno.args;
  refuse(REFUSALS[which!]!);
  const { code } = new Deno.Command(program!, {
    args,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  Deno.exit(code);
}
