/** The answer as it is read: urgent help first, then each passage with whose word it is and where. */

import { el, english } from "./dom";
import { decisionPage, link, safe, telephone } from "./links";
import type { Answer, Citation, Match, NextStep, OtherSide, Quotation, Urgent } from "./stream";
import type { Strings } from "./strings";

type Cited = Pick<Match, "introduction" | "caveat" | "citation" | "role" | "voice">;
type Level = "h4" | "h5";

/** How many decisions an answer cites. */
export function decisionsCited({ matches, other_side }: Answer): number {
  return new Set([...matches, ...other_side].map(({ citation }) => citation.decision_id)).size;
}

/** Draws answers of one service in one language. */
export class AnswerView {
  constructor(
    readonly endpoint: string,
    readonly strings: Strings,
  ) {}

  /** What an answer comes to, in a few words. */
  summary(answer: Answer): string {
    if (answer.status === "refused") return this.strings.refused;
    if (answer.status === "nothing_relevant") return this.strings.notAnswered;
    return this.strings.cited(decisionsCited(answer));
  }

  /** All of an answer. The heading can be gone to. */
  draw(answer: Answer, number: number): HTMLElement {
    const { strings } = this;
    const { refusal, personal_details: details, snapshot, standalone_question: searched } = answer;
    const heading = `${strings.answer(number)}: ${this.summary(answer)}`;
    return el(
      "li",
      { class: "answer" },
      el("h3", { tabindex: "-1" }, heading),
      answer.urgent && this.#urgent(answer.urgent),
      details && english("p", details.warning, { class: "warning" }),
      refusal && english("p", refusal.reason),
      searched !== answer.question && el("p", { class: "soft" }, strings.together),
      ...answer.quotations.map((quotation) => this.#quoted(answer, quotation)),
      this.#found(answer),
      this.#apart(strings.nearest, answer.nearest, "nearest"),
      this.#otherSide(answer.other_side),
      this.#nextSteps(answer.next_steps),
      el(
        "p",
        { class: "soft" },
        el("strong", {}, strings.notAdvice),
        ` ${strings.linksOpen} `,
        snapshot.sample && el("strong", {}, `${strings.fictional} `),
        english("span", answer.notice),
      ),
    );
  }

  #urgent({ text, contacts }: Urgent): HTMLElement {
    const rows = contacts.map(({ name, phone, url, when }) =>
      el(
        "li",
        {},
        link(safe(url), english("span", name), this.strings),
        phone && ": ",
        phone && telephone(phone),
        english("span", ` – ${when}`),
      ),
    );
    const words = english("p", text);
    return el("section", { class: "urgent" }, el("h4", {}, this.strings.urgent), words, el("ul", {}, ...rows));
  }

  #quoted({ matches }: Answer, quotation: Quotation): HTMLElement | undefined {
    const match = matches[quotation.match];
    return match && this.#passage(match, quotation.text, "h4", quotation);
  }

  /** What was found besides what was quoted; with no quotation, it is the answer itself. */
  #found({ matches, quotations }: Answer): HTMLElement | undefined {
    const quoted = new Set(quotations.map(({ match }) => match));
    const rest = matches.filter((_, place) => !quoted.has(place));
    if (quotations.length) return this.#apart(this.strings.alsoFound, rest, "found");
    return rest.length ? el("div", {}, ...rest.map((match) => this.#passage(match, match.text, "h4"))) : undefined;
  }

  /** Passages with their sources in sight, and their words a step away. */
  #apart(title: string, matches: Match[], name: string): HTMLElement | undefined {
    if (!matches.length) return undefined;
    const rows = matches.map((match) =>
      el(
        "li",
        {},
        el("p", {}, english("strong", match.introduction)),
        ...this.#source(match),
        el(
          "details",
          {},
          el("summary", {}, this.strings.readPassage, english("span", `: ${match.citation.label}`, { class: "hidden" })),
          this.#words(match.text, match.citation),
        ),
      ),
    );
    return el("section", { class: name }, el("h4", {}, title), el("ul", {}, ...rows));
  }

  #otherSide(others: OtherSide[]): HTMLElement | undefined {
    if (!others.length) return undefined;
    const passages = others.map((other) => this.#passage(other, other.quotation.text, "h5", other.quotation));
    return el("section", {}, el("h4", {}, this.strings.otherSide), ...passages);
  }

  #nextSteps(steps: NextStep[]): HTMLElement | undefined {
    if (!steps.length) return undefined;
    const { strings } = this;
    const rows = steps.map(({ title, text, sources, support }) =>
      el(
        "li",
        {},
        english("h5", title),
        english("p", text),
        ...sources.map(({ name, url }) =>
          el("p", {}, `${strings.moreFrom} `, link(safe(url), english("span", name), strings)),
        ),
        el("p", { class: "soft" }, `${strings.decisionsSaySo}: `, this.#address(support.citation, support)),
      ),
    );
    return el("section", {}, el("h4", {}, strings.nextSteps), el("ul", {}, ...rows));
  }

  #passage(cited: Cited, words: string, level: Level, quotation?: Quotation): HTMLElement {
    return el(
      "article",
      { class: `passage ${kind(cited)}` },
      english(level, cited.introduction),
      this.#words(words, cited.citation),
      ...this.#source(cited, quotation),
    );
  }

  #words(words: string, { url }: Citation): HTMLElement {
    return english("blockquote", words, { cite: safe(url) });
  }

  #source({ citation, caveat }: Cited, quotation?: Quotation): (HTMLElement | null)[] {
    const { strings } = this;
    const { outcome, outcome_text: said, section, numbering } = citation;
    const tag = said ? english("span", said, { class: "tag" }) : el("span", { class: "tag" }, strings.outcomes[outcome]);
    return [
      el("p", { class: "soft" }, this.#address(citation, quotation), " ", tag),
      section ? el("p", { class: "soft" }, `${strings.underHeading} `, english("q", section)) : null,
      caveat ? el("p", {}, english("strong", caveat)) : null,
      numbering === "none" ? el("p", { class: "soft" }, strings.unnumbered) : null,
    ];
  }

  #address(citation: Citation, quotation?: Pick<Quotation, "start" | "end">): HTMLElement {
    const words = english("span", citation.label);
    return link(decisionPage(this.endpoint, citation, quotation), words, this.strings);
  }
}

/** How a passage is marked by whose word it is; the words before it say so, too. */
function kind({ role, voice }: Cited): string {
  if (voice !== "ombudsman" && voice !== "law") return "party";
  return ["finding", "decision", "remedy"].includes(role) ? "finding" : "";
}
