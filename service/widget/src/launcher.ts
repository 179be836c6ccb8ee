/** The launcher: a button that opens the panel, beside the page or, on a small screen, over it. */

import { el } from "./dom";
import type { Strings } from "./strings";

/** Where the panel needs the whole screen; the style says the same. */
const SMALL = "(max-width: 40em), (max-height: 30em)";

export class Launcher {
  readonly button: HTMLElement;
  readonly dialog = el("dialog", { "aria-labelledby": "title" });
  readonly #small = matchMedia(SMALL);

  constructor(
    strings: Strings,
    readonly opened: () => void,
  ) {
    this.button = el("button", { type: "button", class: "main launcher" }, strings.title);
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("click", () => (this.dialog.open ? this.close() : this.#open()));
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      // The host's page hears of it, too: Escape, pressed again and again, may be its way out.
      event.preventDefault();
      this.close();
    });
  }

  close(): void {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.#closed();
  }

  /** Heeds the size of the screen until `gone`. */
  watch(gone: AbortSignal): void {
    this.#small.addEventListener("change", () => this.#resized(), { signal: gone });
  }

  #open(): void {
    this.#show();
    this.button.setAttribute("aria-expanded", "true");
    this.opened();
  }

  #show(): void {
    if (this.#small.matches) this.dialog.showModal();
    else this.dialog.show();
  }

  /** The browser, which can close it, too, tells of it late: the panel may be open again by then. */
  #closed(): void {
    if (this.dialog.open) return;
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
  }

  #resized(): void {
    if (!this.dialog.open) return;
    const root = this.dialog.getRootNode() as ShadowRoot;
    const focus = root.activeElement as HTMLElement | null;
    this.dialog.close();
    this.#show();
    focus?.focus();
  }
}
