/** Elements: made of names, attributes and text, so that nothing is ever read as markup. */

type Child = Node | string | null | undefined | false;

/** An element. An attribute that is undefined is left out; empty children are skipped. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | undefined> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

/** Words of the service, which speaks English, or of a decision; they may run either way. */
export function english<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  words: string,
  attributes: Record<string, string | undefined> = {},
): HTMLElementTagNameMap[Name] {
  return el(name, { lang: "en", dir: "auto", ...attributes }, words);
}
