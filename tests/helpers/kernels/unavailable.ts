/** What a kernel needs cannot be had here: it is skipped, and nothing is wrong. */
export class Unavailable extends Error {
  override readonly name = "Unavailable";
}
