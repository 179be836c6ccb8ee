// The ask page with JavaScript: the answer streams in above the form, in room that is made for it at
// once, so that nothing moves when it lands.
"use strict";
{
  const byId = (id) => document.getElementById(id);
  const form = byId("ask");
  const field = byId("question");
  const answers = byId("answers");
  const { words, make, counted, rendered, asText, citation, inShort } = answerView;
  const KEPT = "What you typed is still below. This does not mean that nothing was found.";
  const EARLIER = 2;
  const STILL_AFTER = 5000;
  const GIVE_UP_AFTER = 60000;
  const NEARLY_FULL = 200;

  // ---- Copying

  const copyButton = (name, text) => {
    const button = make("button", { type: "button", class: "button button-plain" }, name);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        say("Copied.");
        button.textContent = "Copied";
      } catch {
        showProblem("That could not be copied", "Your browser did not allow it. Select the words instead.");
      }
      setTimeout(() => { button.textContent = name; }, 2000);
    });
    return button;
  };
  const withCopying = (answer) => {
    for (const element of answer.querySelectorAll(".passage")) {
      element.append(make("p", { class: "copy" }, copyButton("Copy citation", () => citation(element))));
    }
    answer.querySelector("form.actions").prepend(copyButton("Copy all as text", () => asText(answer)));
  };

  // ---- What is said

  const say = (text) => { byId("status").textContent = text; };
  const showProgress = (...content) => {
    byId("progress").replaceChildren(...content);
    byId("progress").hidden = content.length === 0;
  };
  const clearProblem = () => {
    byId("problem").replaceChildren();
    byId("question-error")?.remove();
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", "question-hint");
    field.parentElement.classList.remove("field-wrong");
  };
  const showProblem = (title, detail, content = make("p", {}, detail)) => {
    clearProblem();
    byId("problem").append(make("div", { class: "error-summary", tabindex: "-1" },
      make("h2", {}, title), content));
    document.title = `Error: ${title} – Upheld`;
    byId("problem").firstChild.scrollIntoView({ block: "nearest" });
  };
  const wrongQuestion = (message) => {
    showProblem("There is a problem", "",
      make("ul", {}, make("li", {}, make("a", { href: "#question" }, message))));
    field.before(make("p", { class: "error-text", id: "question-error" },
      make("span", { class: "visually-hidden" }, "Error:"), ` ${message}`));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "question-hint question-error");
    field.parentElement.classList.add("field-wrong");
    byId("problem").firstChild.focus();
  };
  const ready = (answer) => {
    if (answer.status === "refused" && !answer.quotations.length) return "It cannot be answered here.";
    if (!answer.quotations.length) return `${answer.matches.length
      ? "Passages were found, but none can be quoted as an answer" : words.nothing}.`;
    const decisions = new Set(answer.quotations.map((q) => answer.matches[q.match].citation.decision_id));
    return `${counted(answer.quotations.length, "quotation")} from ${counted(decisions.size, "decision")}.`;
  };

  // ---- Asking

  class Trouble extends Error {}

  async function* eventsOf(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let buffer = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (buffer + value.replaceAll("\r", "")).split("\n\n");
      buffer = events.pop();
      for (const event of events) {
        const part = (name) => event.split("\n").filter((l) => l.startsWith(`${name}: `))
          .map((l) => l.slice(name.length + 2)).join("\n");
        if (part("event")) yield [part("event"), JSON.parse(part("data") || "null")];
      }
    }
  }

  const turnedAway = async (response) => {
    if (response.status === 429) {
      const seconds = Number(response.headers.get("Retry-After")) || 60;
      return new Trouble(`Too many questions have come from your connection. Try again in ${counted(seconds, "second")}.`);
    }
    const problem = await response.json().catch(() => ({}));
    return new Trouble(sentence(problem.detail || "Something went wrong here."));
  };
  const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;

  const question = (data) => {
    const of = (name) => data.get(name)?.trim() || null;
    const filters = Object.fromEntries(["authority", "outcome", "category", "decided_from", "decided_to"]
      .map((name) => [name, of(name)]).filter(([, value]) => value));
    if (of("role")) filters.roles = [of("role")];
    const answered = data.getAll("answered");
    const history = data.getAll("asked").flatMap((content, i) => [
      { role: "user", content }, { role: "assistant", content: answered[i] }]);
    return { question: of("question"), history, filters: Object.keys(filters).length ? filters : null };
  };

  const ask = async (data) => {
    const response = await fetch("/v1/ask/stream", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(question(data)),
      signal: AbortSignal.timeout(GIVE_UP_AFTER),
    });
    if (!response.ok) throw await turnedAway(response);
    const list = make("ul", {});
    let answer = null;
    for await (const [event, content] of eventsOf(response)) {
      if (event === "match") {
        list.append(make("li", {}, content.citation.label));
        showProgress(make("p", {}, "Found so far:"), list);
      }
      if (event === "answer") answer = content;
      if (event === "error") throw new Trouble(sentence(content.detail));
      if (event === "done" && answer) return answer;
    }
    throw new Trouble("The answer broke off on its way.");
  };

  const whyNot = (error) => {
    if (error instanceof Trouble) return error.message;
    if (!navigator.onLine) return "You seem to be offline. Ask again when you are connected.";
    if (error.name === "TimeoutError") return "This took too long. Try again in a moment.";
    return "The connection failed. Check that you are online, then ask again.";
  };

  const remember = (answer) => {
    byId("send").parentElement.before(
      make("input", { type: "hidden", name: "asked", value: answer.question }),
      make("input", { type: "hidden", name: "answered", value: inShort(answer) }));
    for (const name of ["asked", "answered"]) {
      const turns = [...form.querySelectorAll(`input[name=${name}]`)];
      for (const turn of turns.slice(0, -EARLIER)) turn.remove();
    }
  };

  const show = (answer, data) => {
    byId("answer")?.removeAttribute("id");
    const element = rendered(answer, [...data].filter(([, value]) => value.trim()));
    withCopying(element);
    answers.append(element);
    remember(answer);
    field.value = "";
    count();
    form.querySelector("label").textContent = "Ask a follow-up question";
    document.querySelector(".intro").hidden = true;
    byId("examples").hidden = true;
    byId("to-answer").hidden = false;
    byId("start-again").hidden = false;
    document.title = "Answer – Upheld";
    element.scrollIntoView({ block: "start" });
    say(`Answer ready. ${ready(answer)}`);
  };

  const busy = (is) => {
    if (is) byId("send").setAttribute("aria-disabled", "true");
    else byId("send").removeAttribute("aria-disabled");
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (byId("send").hasAttribute("aria-disabled")) return;
    clearProblem();
    if (!/[\p{L}\p{N}]/u.test(field.value)) {
      wrongQuestion("Enter a question");
      return;
    }
    busy(true);
    say("Searching…");
    showProgress(make("p", {}, "Searching…"));
    byId("progress").scrollIntoView({ block: "start" });
    const still = setTimeout(() => {
      say("Still searching…");
      showProgress(make("p", {}, "Still searching…"));
    }, STILL_AFTER);
    const settle = () => {
      clearTimeout(still);
      showProgress();
      busy(false);
    };
    const data = new FormData(form);
    try {
      const answer = await ask(data);
      settle();
      show(answer, data);
    } catch (error) {
      settle();
      say("");
      showProblem("There is no answer yet", `${whyNot(error)} ${KEPT}`);
    }
  });

  // ---- The form

  let pause;
  const count = () => {
    const left = field.maxLength - field.value.length;
    byId("count").textContent = field.value ? `${counted(left, "character")} left` : "";
    clearTimeout(pause);
    pause = setTimeout(() => {
      byId("count-said").textContent = left < NEARLY_FULL ? byId("count").textContent : "";
    }, 1000);
  };
  field.addEventListener("input", count);
  byId("examples").addEventListener("click", (event) => {
    if (!event.target.matches(".example")) return;
    event.preventDefault();
    field.value = event.target.value;
    count();
    field.focus();
  });
  for (const answer of document.querySelectorAll("[data-answer]")) {
    withCopying(answer);
    byId("to-answer").hidden = false;
  }
}
