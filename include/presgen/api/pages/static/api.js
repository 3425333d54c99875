/** What the pages ask of the API. A refusal is thrown as what it says: what is wrong, and what would help. */

const ROOT = document.querySelector('meta[name="presgen-api"]').content;

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || "The server did not answer.");
    this.status = status;
    this.remedy = problem.remedy ?? "";
    this.errors = problem.errors ?? [];
    this.helps = problem.retry_helps ?? (status === 0 || status >= 500);
  }
}

async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(ROOT + path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { detail: "The server cannot be reached.", remedy: "Look whether you are online, then try again." });
  }
  if (answer.status === 304) return { same: true, etag: options.headers?.["If-None-Match"] };
  const kind = answer.headers.get("Content-Type") ?? "";
  const body = kind.includes("json") ? await answer.json() : null;
  if (!answer.ok) {
    const known = answer.status === 401 ? { detail: "You are not logged in any more.", remedy: "Log in to Airflow again, then come back." } : null;
    throw new Refused(answer.status, known ?? body ?? { detail: `The server answered ${answer.status}.` });
  }
  return { body, etag: answer.headers.get("ETag") };
}

const query = (fields) => {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const each of [value].flat()) if (each !== null && each !== undefined && each !== "") given.append(name, each);
  }
  const text = given.toString();
  return text && `?${text}`;
};
const id = encodeURIComponent;
const get = async (path, signal) => (await ask(path, { signal })).body;
const send = async (method, path, body, { signal, key } = {}) =>
  (await ask(path, {
    method,
    signal,
    // A page of another site cannot send this header: whoever does is one of ours.
    headers: { "Content-Type": "application/json", "X-PresGen-Request": "1", ...(key && { "Idempotency-Key": key }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  })).body;

export const api = {
  me: (signal) => get("/me", signal),
  nights: (signal) => get("/nights" + query({ limit: 30 }), signal),
  night: (run, signal) => get(`/nights/${id(run)}`, signal),
  videos: (fields, signal) => get("/videos" + query(fields), signal),
  status: (video, signal) => get(`/videos/${id(video)}/status`, signal),
  evidence: (video, signal) => get(`/videos/${id(video)}/evidence`, signal),
  catalogue: (signal) => get("/catalogue", signal),
  sections: (fields, signal) => get("/sections" + query(fields), signal),
  section: (key, signal) => get(`/sections/${id(key)}`, signal),
  script: (request, signal) => send("POST", "/generate-script", request, { signal }),
  preview: (kind, request, signal) => send("POST", `/previews/${kind}`, request, { signal }),
  create: (request, key) => send("POST", "/create-video", request, { key }),
  cancel: (video) => send("POST", `/videos/${id(video)}/cancel`),
  retry: (video, section) => send("POST", `/videos/${id(video)}${section ? `/sections/${id(section)}` : ""}/retry`),
  approve: (video, approved) => send("POST", `/videos/${id(video)}/approval`, { approved }),
  decide: (key, approved) => send("POST", `/sections/${id(key)}/${approved ? "approve" : "retire"}`),
};

/**
 * Follow a video until it is over, or `signal` says so: by server-sent events, and where those do not come
 * through, by asking and waiting.
 */
export function follow(video, signal, told, troubled) {
  const source = new EventSource(`${ROOT}/videos/${id(video)}/events`);
  let alive = false;
  const stop = () => source.close();
  signal.addEventListener("abort", stop);
  const hear = (event) => {
    alive = true;
    const status = JSON.parse(event.data);
    told(status);
    if (status.over) stop();
  };
  source.addEventListener("message", hear);
  source.addEventListener("status", hear);
  source.addEventListener("error", () => {
    if (alive && source.readyState !== EventSource.CLOSED) return; // it reconnects by itself
    stop();
    if (!signal.aborted) poll(video, signal, told, troubled);
  });
}

async function poll(video, signal, told, troubled) {
  let etag = null;
  let pause = 1000;
  while (!signal.aborted) {
    try {
      const answer = await ask(`/videos/${id(video)}/status?wait=25`, { signal, headers: etag ? { "If-None-Match": etag } : {} });
      pause = 1000;
      if (!answer.same) {
        etag = answer.etag;
        told(answer.body);
        if (answer.body.over) return;
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      troubled?.(error);
      if (!error.helps) return;
      await new Promise((wake) => setTimeout(wake, pause));
      pause = Math.min(pause * 2, 30000);
    }
  }
}
