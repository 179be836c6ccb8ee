/** The element `<upheld-chat>`: what the host's page sets, hears, and need not know. */

import { AnswerView, decisionsCited } from "./answer_view";
import { unreadable } from "./colours";
import { el } from "./dom";
import { Launcher } from "./launcher";
import { exit, safe } from "./links";
import { Panel } from "./panel";
import { ask, Failure, type Turn } from "./stream";
import { stringsOf } from "./strings";
import style from "./style.css";

/** Turns and characters of each that the service takes. */
const MOST_TURNS = 20;
const LONGEST_TURN = 8000;

export class UpheldChat extends HTMLElement {
  static readonly observedAttributes = ["theme"];

  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  #root: HTMLElement | undefined;
  #panel: Panel | undefined;
  #launcher: Launcher | undefined;
  #endpoint = "";
  #history: Turn[] = [];
  #turn = 0;
  #asking: AbortController | undefined;
  #gone = new AbortController();

  connectedCallback(): void {
    this.#gone = new AbortController();
    if (!this.shadowRoot) this.#draw();
    this.#launcher?.watch(this.#gone.signal);
    this.#dark.addEventListener("change", () => this.#dress(), { signal: this.#gone.signal });
    this.#dress();
  }

  disconnectedCallback(): void {
    this.#gone.abort();
    this.#forsake();
    this.#panel?.drop();
    this.#launcher?.close();
  }

  attributeChangedCallback(): void {
    this.#dress();
  }

  #draw(): void {
    const endpoint = addressOf(this.getAttribute("endpoint"));
    if (endpoint === undefined) {
      console.error("<upheld-chat> needs the attribute endpoint, such as https://upheld.example");
      return;
    }
    this.#endpoint = endpoint;
    const strings = stringsOf(this.closest("[lang]")?.getAttribute("lang"));
    const { host } = new URL(endpoint);
    const days = Number(this.getAttribute("kept-days"));
    const notice = days > 0 ? strings.kept(host, days) : strings.notKept(host);
    const inline = this.getAttribute("mode") === "inline";
    const launcher = inline ? undefined : new Launcher(strings, () => this.#panel?.input.focus());
    const wishes = { ask: (question: string) => void this.#ask(question), clear: () => this.#clear() };
    const view = new AnswerView(endpoint, strings);
    const away = safe(this.getAttribute("exit"));
    const leave = away ? exit(away, strings) : undefined;
    this.#panel = new Panel(strings, view, notice, wishes, leave, launcher && (() => launcher.close()));
    this.#launcher = launcher;
    this.#root = el("div", { class: "upheld", lang: strings.language, dir: "ltr" });
    if (launcher) {
      launcher.dialog.append(this.#panel.root);
      this.#root.append(launcher.button, launcher.dialog);
    } else {
      this.#root.append(el("section", { "aria-labelledby": "title" }, this.#panel.root));
    }
    const shadow = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.#root);
  }

  /** Light or dark, in the host's colours where these can be read. */
  #dress(): void {
    const root = this.#root;
    if (!root?.isConnected) return;
    const theme = this.getAttribute("theme");
    const dark = theme === "dark" || (theme !== "light" && this.#dark.matches);
    root.dataset["scheme"] = dark ? "dark" : "light";
    root.dataset["colours"] = "host";
    const wrong = unreadable(root);
    if (!wrong.length) return;
    root.dataset["colours"] = "default";
    console.warn(`<upheld-chat> uses its own ${root.dataset["scheme"]} colours: ${wrong.join("; ")}`);
  }

  async #ask(question: string): Promise<void> {
    const panel = this.#panel;
    if (!panel || this.#asking) return;
    const asking = new AbortController();
    this.#asking = asking;
    const turn = ++this.#turn;
    this.#tell("upheld-ask", { turn });
    panel.begin(question);
    try {
      const service = { endpoint: this.#endpoint, siteKey: this.getAttribute("site-key") };
      const asked = { question, history: this.#history.slice(-MOST_TURNS) };
      const answer = await ask(service, asked, (match) => panel.found(match), asking.signal);
      panel.finish(answer, turn);
      const { status, quotations } = answer;
      this.#remember("user", question);
      this.#remember("assistant", quotations.map(({ text }) => text).join(" "));
      this.#tell("upheld-answer", { turn, status, quotations: quotations.length, decisions: decisionsCited(answer) });
    } catch (error) {
      if (asking.signal.aborted) return;
      // What cannot be drawn is no answer, either.
      const failure = error instanceof Failure ? error : new Failure("broken");
      panel.fail(failure);
      this.#tell("upheld-error", { turn, kind: failure.kind, status: failure.status ?? null });
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
  }

  /** Nobody waits for the answer any more. */
  #forsake(): void {
    this.#asking?.abort();
    this.#asking = undefined;
  }

  #clear(): void {
    this.#forsake();
    this.#history = [];
    this.#turn = 0;
    this.#panel?.clear();
  }

  #remember(role: Turn["role"], content: string): void {
    if (content) this.#history.push({ role, content: content.slice(0, LONGEST_TURN) });
  }

  /** Tells the host's page that something happened, and never a word of what was asked. */
  #tell(name: string, detail: Record<string, string | number | null>): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

function addressOf(attribute: string | null): string | undefined {
  if (attribute === null) return undefined;
  try {
    const { protocol, origin, pathname } = new URL(attribute, document.baseURI);
    return /^https?:$/.test(protocol) ? origin + pathname.replace(/\/+$/, "") : undefined;
  } catch {
    return undefined;
  }
}
