/** The panel: the conversation, the field to type in, and what is said aloud of both. */

import type { AnswerView } from "./answer_view";
import { el, english } from "./dom";
import { link } from "./links";
import type { Answer, Failure, Match } from "./stream";
import type { Strings } from "./strings";

/** Characters of a question: what the service takes. */
export const LONGEST = 2000;

/** Characters left from which on they are counted for all to see. */
const COUNTED_FROM = 500;

/** Seconds after which a search is said to go on. */
const SLOW = 6;

/** What the panel tells of: a question to be asked, and a conversation to be forgotten. */
export interface Wishes {
  ask(question: string): void;
  clear(): void;
}

export class Panel {
  readonly root: HTMLElement;
  readonly input = el("textarea", { id: "question", rows: "2", "aria-describedby": "hint count error" });
  readonly #turns = el("ol", { role: "list" });
  readonly #body: HTMLElement;
  readonly #count = el("p", { id: "count", class: "soft" });
  readonly #error = el("div", { id: "error", role: "alert" });
  readonly #status = el("div", { role: "status", class: "hidden" });
  readonly #send: HTMLElement;
  readonly #clear: HTMLElement;
  readonly #latest: HTMLElement;
  #pending: HTMLElement[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param leave Leaves the host's page, where the host wants it.
   * @param close Closes the panel, where it can be closed.
   */
  constructor(
    readonly strings: Strings,
    readonly view: AnswerView,
    notice: string,
    readonly wishes: Wishes,
    leave?: HTMLElement,
    close?: () => void,
  ) {
    this.#send = el("button", { class: "main" }, strings.send);
    this.#clear = button(strings.clear, () => this.#isOff(this.#clear) || wishes.clear());
    this.#latest = button(strings.latest, () => this.#goToLatest());
    this.#latest.hidden = true;
    const about = link(`${view.endpoint}/#about-this`, strings.about, strings);
    // In the page, the element is a region already; what scrolls by itself can be gone to.
    const part = close ? { role: "region", tabindex: "0" } : { role: "group" };
    this.#body = el(
      "div",
      { class: "body", "aria-label": strings.conversation, ...part },
      el("p", {}, el("strong", {}, strings.notAdvice)),
      el("p", { class: "soft" }, `${notice} ${strings.remembered} `, about),
      this.#turns,
    );
    const form = el(
      "form",
      { novalidate: "" },
      el("label", { for: "question" }, strings.label),
      el("p", { id: "hint", class: "soft" }, `${strings.leaveOut} ${strings.hint}`),
      this.#error,
      this.input,
      this.#count,
      el("p", { class: "buttons" }, this.#send, this.#latest, this.#clear),
    );
    form.addEventListener("submit", (event) => this.#submitted(event));
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    this.input.addEventListener("input", () => this.#counted());
    const ways = el("p", { class: "buttons" }, leave, close && button(strings.close, close));
    this.root = el(
      "div",
      { class: "panel" },
      el("header", {}, el("h2", { id: "title" }, strings.title), ways.hasChildNodes() && ways),
      this.#body,
      el("div", { class: "composer" }, form),
      this.#status,
    );
    this.#switch(this.#clear, false);
  }

  /** A question is on its way. */
  begin(question: string): void {
    const { strings } = this;
    const asked = el("p", {}, el("strong", {}, `${strings.youAsked}: `), el("span", { dir: "auto" }, question));
    const searching = el("p", {}, strings.searching);
    this.#pending = [el("li", { class: "asked" }, asked), el("li", { class: "pending" }, searching)];
    this.#turns.append(...this.#pending);
    this.#goTo(this.#pending[0]);
    this.#complain();
    this.#busy(true);
    this.#say(strings.searching);
    this.#timer = setTimeout(() => {
      searching.textContent = strings.stillSearching;
      this.#say(strings.stillSearching);
    }, SLOW * 1000);
  }

  /** A passage was found; the answer will tell what it is worth. */
  found({ citation }: Match): void {
    const pending = this.#pending[1];
    if (!pending) return;
    if (pending.childElementCount === 1) pending.append(el("p", {}, this.strings.foundSoFar), el("ul"));
    pending.lastElementChild?.append(english("li", citation.label));
  }

  /** The answer is there: it is shown, and said aloud once. The focus stays where it is. */
  finish(answer: Answer, number: number): void {
    const { strings, view } = this;
    const drawn = view.draw(answer, number);
    this.#pending[1]?.replaceWith(drawn);
    this.#goTo(this.#pending[0]);
    this.#pending = [];
    this.input.value = "";
    this.#counted();
    this.#busy(false);
    this.#say(`${strings.ready} ${answer.urgent ? `${strings.urgentFirst} ` : ""}${view.summary(answer)}.`);
  }

  /** There is no answer: why, in plain words, with another way. The question stays in the field. */
  fail({ kind, detail, retryAfter }: Failure): void {
    const { strings } = this;
    this.drop();
    this.#say("");
    const told = [strings.errors[kind]];
    if (kind === "failed" || kind === "broken") told.push(strings.notNothing);
    if (retryAfter) told.push(strings.again(retryAfter));
    const theirs = kind === "unavailable" || kind === "rejected" ? detail : undefined;
    this.#complain(
      el("p", {}, told.join(" ")),
      theirs && english("p", theirs),
      el("p", {}, `${strings.stillThere} `, link(`${this.view.endpoint}/`, strings.elsewhere, strings)),
    );
  }

  /** Nobody waits for the answer any more; the question stays in the field. */
  drop(): void {
    for (const turn of this.#pending) turn.remove();
    this.#pending = [];
    this.#busy(false);
  }

  /** Nothing is left of the conversation. */
  clear(): void {
    this.#turns.replaceChildren();
    this.drop();
    this.input.value = "";
    this.#counted();
    this.#complain();
    this.#say(this.strings.cleared);
  }

  #submitted(event: Event): void {
    event.preventDefault();
    if (this.#isOff(this.#send)) return;
    const question = this.input.value.trim();
    const { strings } = this;
    const wrong = !question
      ? strings.empty
      : length(question) > LONGEST
        ? strings.tooLong(LONGEST)
        : !/[\p{L}\p{N}]/u.test(question) && strings.noWords;
    if (!wrong) return this.wishes.ask(question);
    this.#complain(el("p", {}, wrong));
    this.input.setAttribute("aria-invalid", "true");
    this.input.focus();
  }

  /** Fields and buttons are never disabled, or the focus would be lost with them. */
  #busy(on: boolean): void {
    if (!on) clearTimeout(this.#timer);
    this.input.readOnly = on;
    this.#switch(this.#send, !on);
    this.#switch(this.#clear, this.#turns.childElementCount > 0);
    // It comes with the question: a button that came with the answer would move the others.
    const answered = this.#turns.querySelector("h3") !== null;
    this.#latest.hidden = !on && !answered;
    this.#switch(this.#latest, answered);
  }

  #switch(button: HTMLElement, on: boolean): void {
    button.setAttribute("aria-disabled", String(!on));
  }

  #isOff(button: HTMLElement): boolean {
    return button.getAttribute("aria-disabled") === "true";
  }

  #complain(...words: (HTMLElement | undefined | "")[]): void {
    this.input.removeAttribute("aria-invalid");
    this.#error.replaceChildren(...words.filter((word): word is HTMLElement => Boolean(word)));
  }

  #say(words: string): void {
    this.#status.textContent = words;
  }

  #counted(): void {
    const left = LONGEST - length(this.input.value);
    const { charactersLeft, charactersOver } = this.strings;
    this.#count.textContent = left > COUNTED_FROM ? "" : left < 0 ? charactersOver(-left) : charactersLeft(left);
  }

  /** Shows where a turn begins; the focus stays, and so does the host's page. */
  #goTo(turn: HTMLElement | undefined): void {
    if (turn) this.#body.scrollTop = turn.offsetTop;
  }

  #goToLatest(): void {
    const headings = this.#turns.querySelectorAll("h3");
    headings[headings.length - 1]?.focus();
  }
}

function button(words: string, press: () => void): HTMLElement {
  const made = el("button", { type: "button" }, words);
  made.addEventListener("click", press);
  return made;
}

/** In characters as the service counts them, not in halves of surrogate pairs. */
function length(text: string): number {
  return [...text].length;
}
