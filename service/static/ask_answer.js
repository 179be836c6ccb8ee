// An answer as elements, made as the templates answer.html and answer_parts.html make them, and as
// text. Whatever was typed or published is set as text alone.
"use strict";
const answerView = (() => {
  const words = JSON.parse(document.getElementById("answers").dataset.words);
  const MAX_TURN = 8000;

  // An element, its attributes and what is in it; what is null or false is left out.
  const make = (tag, attributes = {}, ...content) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...content.flat(3).filter((part) => part !== null && part !== false && part !== ""));
    return element;
  };
  const counted = (n, noun) => `${n.toLocaleString("en-GB")} ${noun}${n === 1 ? "" : "s"}`;
  const day = (text) =>
    new Date(`${text.slice(0, 10)}T00:00:00Z`).toLocaleDateString("en-GB", {
      day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
    });

  // ---- An answer as elements

  const address = (citation, snapshot, quoted) => {
    const number = citation.paragraph;
    const marked = quoted ? `from=${quoted.start}&to=${quoted.end}&paragraph=${number}&` : "";
    return `/decisions/${citation.decision_id}?${marked}snapshot=${encodeURIComponent(snapshot)}#p${number}`;
  };
  const kind = ({ voice, role }) => {
    if (["complainant", "authority", "third_party", "mixed"].includes(voice)) return "passage-party";
    if (role === "law") return "passage-law";
    return ["finding", "decision", "remedy"].includes(role) ? "passage-finding" : "";
  };
  const line = (name, ...content) => make("p", { class: name }, ...content);
  const away = (url, text, more = {}) => make("a", { href: url, rel: "noreferrer", ...more }, text);
  const plain = (does, how) => (does ? { "data-text": how } : {});

  const passage = (paragraph, text, snapshot, quoted = null, does = true) => {
    const c = paragraph.citation;
    const outcome = c.outcome_text || words.outcomes[c.outcome];
    return make("article", { class: `passage ${kind(paragraph)}` },
      make("h4", { class: "introduction", ...plain(does, "gap") }, paragraph.introduction),
      make("blockquote", { dir: "auto", cite: c.url, ...plain(does, "quote") }, text),
      line("citation",
        make("a", { href: address(c, snapshot, quoted), ...plain(does, "link") }, c.label), " ",
        make("span", { class: `tag tag-${c.outcome}` }, outcome)),
      c.section && line("citation", `Under the heading “${c.section}”`),
      paragraph.caveat &&
        make("p", { class: "citation", ...plain(does, "") }, make("strong", {}, paragraph.caveat)),
      c.numbering === "none" &&
        line("citation", "The paragraphs are counted here: our copy shows no numbers."),
      words.publishers.some((site) => c.url?.startsWith(site)) &&
        line("citation", away(c.url, "The decision at its publisher’s")));
  };

  const found = (match, snapshot, does = false) =>
    make("li", {},
      passage(match, match.text, snapshot, null, does),
      line("citation kind", `${words.roles[match.role]}. It is ${words.voices[match.voice]} word` +
        `${match.boilerplate ? ", and a standard paragraph that stands in many decisions" : ""}.`),
      match.also_in.length > 0 &&
        line("citation kind", "Word for word also in: ", match.also_in.map((c, i) => [
          i ? "; " : "", make("a", { href: address(c, snapshot) }, c.label)])));

  const urgent = ({ text, contacts }) =>
    make("section", { class: "urgent" },
      make("h3", { "data-text": "gap" }, text),
      make("ul", {}, contacts.map((contact) =>
        make("li", { "data-text": true },
          away(contact.url, contact.name), ": ",
          contact.phone && [make("a", {
            href: `tel:${contact.phone.split(",")[0].replaceAll(" ", "")}` }, contact.phone), ", "],
          contact.when))));

  const nextStep = ({ title, text, support, sources }, snapshot) => [
    make("h4", { "data-text": "gap" }, title),
    make("p", { "data-text": true }, text),
    line("citation", "The decisions found say:"),
    make("blockquote", { dir: "auto", "data-text": "quote" }, support.text),
    line("citation", make("a", {
      href: address(support.citation, snapshot, support), "data-text": "link" }, support.citation.label)),
    make("ul", {}, sources.map((source) =>
      make("li", {}, away(source.url, source.name, { "data-text": "link" })))),
  ];

  const about = (answer) =>
    make("div", { class: "about" },
      answer.quotations.length > 0 && make("p", {},
        words.fits.find(([least]) => answer.confidence >= least)[1],
        " The search can take another point for yours, so read the whole passage before you rely on it."),
      make("p", { "data-text": "gap" }, words.not_advice),
      make("p", { "data-text": true },
        `The collection has ${counted(answer.snapshot.decisions, "decision")}, snapshot ${answer.snapshot.id}.`),
      make("p", {},
        `Collected on ${day(answer.snapshot.built)}, in ${counted(answer.snapshot.passages, "passage")}.`),
      make("p", { "data-text": true }, answer.notice));

  const downloads = (fields) =>
    make("form", { class: "actions", method: "post", action: "/answer.txt", autocomplete: "off" },
      fields.map(([name, value]) => make("input", { type: "hidden", name, value })),
      make("button", { class: "button button-plain" }, "Save as text"),
      make("button", { class: "button button-plain", formaction: "/answer.csv" }, "Save as table (CSV)"));

  const rendered = (answer, fields) => {
    const { snapshot: { id }, quotations, matches, nearest, other_side: others } = answer;
    return make("article", { class: "answer", "data-answer": true },
      make("h2", { id: "answer", tabindex: "-1" }, "Answer"),
      make("p", { class: "asked", "data-text": true },
        make("strong", {}, "You asked:"), " ", make("span", { dir: "auto" }, answer.question)),
      answer.standalone_question !== answer.question &&
        make("details", {},
          make("summary", {}, "How the question was searched"),
          make("p", { class: "hint", "data-text": true },
            "Searched as: ", make("span", { dir: "auto" }, answer.standalone_question))),
      answer.urgent && urgent(answer.urgent),
      answer.refusal && make("p", { class: "refusal", "data-text": "gap" }, answer.refusal.reason),
      answer.personal_details && line("banner", answer.personal_details.warning),
      answer.status === "nothing_relevant" && [
        make("h3", { "data-text": "gap" }, words.nothing),
        make("p", {}, "That is no answer either way: it may be decided elsewhere, or in other words. " +
          "Try asking about one thing at a time, in the words that a council would use.")],
      quotations.length > 0
        ? [make("h3", {}, "Short answer, word for word from the decisions"),
          quotations.map((q) => passage(matches[q.match], q.text, id, q))]
        : matches.length > 0 &&
          make("h3", {}, "Passages were found, but none can be quoted as an answer"),
      others.length > 0 && [
        make("h3", { "data-text": "gap" }, "Found the other way in another decision"),
        others.map((other) => passage(other, other.quotation.text, id, other.quotation))],
      nearest.length > 0 && [
        make("h3", { "data-text": "gap" }, "Nearest passages, though not an answer"),
        make("ul", { class: "plain" }, nearest.map((match) => found(match, id, true)))],
      answer.next_steps.length > 0 &&
        make("section", { class: "next-steps" },
          make("h3", {}, "What can be done"), answer.next_steps.map((step) => nextStep(step, id))),
      matches.length > 0 &&
        make("details", {},
          make("summary", {}, `All that was found: ${counted(matches.length, "paragraph")}`),
          make("ul", { class: "plain" }, matches.map((match) => found(match, id)))),
      about(answer),
      downloads(fields),
      make("details", {},
        make("summary", {}, "Make a link to this question"),
        make("p", {}, "The link has your question in it. Whoever sees the link can read it, and " +
          "browsers keep it in their history. ",
          make("a", { href: `/?q=${encodeURIComponent(answer.question)}` }, "Link to this question"))));
  };

  // ---- An answer as text

  const flat = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const asText = (answer) => {
    const lines = [];
    for (const element of answer.querySelectorAll("[data-text]")) {
      const how = element.dataset.text;
      if (how === "gap") lines.push("");
      lines.push(how === "quote" ? `“${element.textContent}”` : flat(element));
      if (how === "link") lines.push(element.href);
    }
    return `${lines.join("\n")}\n`;
  };
  const citation = (passage) => {
    const link = passage.querySelector(".citation a");
    return `“${passage.querySelector("blockquote").textContent}”\n${flat(link)}\n${link.href}\n`;
  };
  const inShort = (answer) => {
    if (!answer.quotations.length) return answer.refusal ? answer.refusal.reason : `${words.nothing}.`;
    let said = "";
    for (const q of answer.quotations) {
      const more = `${said}\n“${q.text}” (${answer.matches[q.match].citation.label})`.trimStart();
      if ([...more].length > MAX_TURN) break;
      said = more;
    }
    return said;
  };

  return { words, make, counted, rendered, asText, citation, inShort };
})();
