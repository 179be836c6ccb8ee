/** Links: where they may lead, and that they leave the host's page as it is. */

import { el } from "./dom";
import type { Citation, Quotation } from "./stream";
import type { Strings } from "./strings";

/** The address where it is one that a link may lead to. */
export function safe(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  try {
    const { protocol, href } = new URL(address);
    return protocol === "https:" ? href : undefined;
  } catch {
    return undefined;
  }
}

/** A link that opens beside the page, since the conversation would be lost with it. */
export function link(address: string | undefined, words: Node | string, strings: Strings): HTMLElement {
  if (!address) return el("span", {}, words);
  const leads = { href: address, target: "_blank", rel: "noopener noreferrer" };
  return el("a", leads, words, el("span", { class: "hidden" }, ` (${strings.newTab})`));
}

/** A link that leaves the page at once, and so that going back does not return to it. */
export function exit(address: string, { exit }: Strings): HTMLElement {
  const made = el("a", { class: "exit", href: address, rel: "nofollow noreferrer" }, exit);
  made.addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.hidden = true;
    location.replace(address);
  });
  return made;
}

/** A decision in the service at the paragraph, with the words of a quotation marked. */
export function decisionPage(
  endpoint: string,
  { page, paragraph }: Citation,
  quotation?: Pick<Quotation, "start" | "end">,
): string | undefined {
  try {
    const address = new URL(endpoint + page);
    if (address.origin !== new URL(endpoint).origin) return undefined;
    if (quotation) {
      const { start, end } = quotation;
      address.search = String(new URLSearchParams({ from: `${start}`, to: `${end}`, paragraph: `${paragraph}` }));
    }
    return address.href;
  } catch {
    return undefined;
  }
}

/** A telephone number; what does not begin with one is words. */
export function telephone(phone: string): HTMLElement {
  const [number] = /^[+\d][\d ]*/.exec(phone) ?? [];
  const dialled = number && { href: `tel:${number.replaceAll(" ", "")}` };
  return el(dialled ? "a" : "span", { lang: "en", dir: "auto", ...dialled }, phone);
}
