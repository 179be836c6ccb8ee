/** Strings: what the widget says, by language. */

import { cy } from "./cy";
import { en } from "./en";

export type Strings = typeof en;

/** Those of the language, such as `cy` or `cy-GB`; English where there are none. */
export function stringsOf(language: string | null | undefined): Strings {
  return language?.toLowerCase().split("-")[0] === "cy" ? cy : en;
}
