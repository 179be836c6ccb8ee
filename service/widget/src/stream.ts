/** Asking: a question is sent, and its answer comes as server-sent events. */

import type { components } from "./api";

type Schemas = components["schemas"];
export type Answer = Schemas["Answer"];
export type Citation = Schemas["Citation"];
export type Match = Schemas["Match"];
export type NextStep = Schemas["NextStep"];
export type OtherSide = Schemas["OtherSide"];
export type Quotation = Schemas["Quotation"];
export type Turn = Schemas["Turn"];
export type Urgent = Schemas["Urgent"];
type Problem = Schemas["Problem"];
type Question = Pick<Schemas["Question"], "question" | "history">;

/** The service at its address, with the site's key where it has one. */
export interface Service {
  readonly endpoint: string;
  readonly siteKey: string | null;
}

export type FailureKind =
  | "offline"
  | "unreachable"
  | "slow"
  | "limited"
  | "key"
  | "rejected"
  | "unavailable"
  | "failed"
  | "broken";

/** Why there is no answer. It never holds a word of the question. */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly status?: number,
    readonly retryAfter?: number,
    readonly detail?: string,
  ) {
    super(kind);
  }
}

/** Seconds after which a question is given up; the service gives up sooner by itself. */
const PATIENCE = 30;

/**
 * The answer to a question.
 *
 * @param found Told of each match as it comes.
 * @param given Aborted where nobody waits any more.
 * @throws Failure There is none. A stream that ends without `done` is none, either.
 */
export async function ask(
  service: Service,
  question: Question,
  found: (match: Match) => void,
  given: AbortSignal,
): Promise<Answer> {
  const stop = new AbortController();
  const give = () => stop.abort(new DOMException("nobody waits", "AbortError"));
  given.addEventListener("abort", give);
  const timer = setTimeout(() => stop.abort(new Failure("slow")), PATIENCE * 1000);
  try {
    const response = await send(service, question, stop.signal);
    if (!response.ok || !response.body) throw await refusal(response);
    return await read(response.body, found);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (stop.signal.aborted) throw stop.signal.reason;
    // Words that do not fit their form are the stream's fault; all else is the connection's.
    if (error instanceof SyntaxError) throw new Failure("broken");
    throw new Failure(navigator.onLine ? "unreachable" : "offline");
  } finally {
    clearTimeout(timer);
    given.removeEventListener("abort", give);
  }
}

function send({ endpoint, siteKey }: Service, question: Question, signal: AbortSignal): Promise<Response> {
  return fetch(`${endpoint}/v1/ask/stream`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(siteKey && { "Upheld-Key": siteKey }) },
    body: JSON.stringify(question),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal,
  });
}

async function refusal(response: Response): Promise<Failure> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return failure(response.status, problem.detail, Number(response.headers.get("Retry-After")) || undefined);
}

function failure(status: number, detail?: string, retryAfter?: number): Failure {
  const kind =
    status === 429
      ? "limited"
      : status === 401 || status === 403
        ? "key"
        : status === 503
          ? "unavailable"
          : status >= 400 && status < 500
            ? "rejected"
            : "failed";
  return new Failure(kind, status, retryAfter, detail);
}

async function read(body: ReadableStream<Uint8Array>, found: (match: Match) => void): Promise<Answer> {
  let answer: Answer | undefined;
  for await (const { event, data } of events(body)) {
    if (event === "match") found(JSON.parse(data) as Match);
    if (event === "answer") answer = JSON.parse(data) as Answer;
    if (event === "error") {
      const problem = JSON.parse(data) as Problem;
      throw failure(problem.status, problem.detail);
    }
    if (event === "done" && answer) return answer;
  }
  throw new Failure("broken");
}

/** The events of a stream, as the HTML standard reads them. */
async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // A line end that is cut in two waits for its other half.
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r\n\r\n|\n\n|\r\r(?!\n)/);
      rest = blocks.pop() ?? "";
      yield* blocks.map(eventOf);
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): { event: string; data: string } {
  const fields = block.split(/\r\n|\n|\r/).map((line) => /^(\w+): ?(.*)$/.exec(line));
  const values = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ""] : []));
  return { event: values("event").at(-1) ?? "message", data: values("data").join("\n") };
}
