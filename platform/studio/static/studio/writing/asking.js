// How the editor speaks with the server: with a token that may have to be fetched again, and a session that may end.

export class SignedOut extends Error {}
export class NotAllowed extends Error {}
export class Offline extends Error {}

/** Whether the session has ended. */
function isOver(answer) {
  return answer.type === "opaqueredirect" || answer.headers.get("Studio-Session") === "ended";
}

const JSON_ONLY = { Accept: "application/json" };

export class Server {
  /** `renew`: where a fresh token is, for a page that is older than the session. */
  constructor(form, renew) {
    Object.assign(this, { form, renew });
  }

  get token() {
    return this.form.elements.csrfmiddlewaretoken.value;
  }

  set token(value) {
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = value;
    const shell = document.querySelector("[hx-headers]");
    shell?.setAttribute("hx-headers", JSON.stringify({ "x-csrftoken": value }));
  }

  /** `{ status, told }` of 200, 409 and 422; anything else raises one of the three above. */
  async post(url, data, { keepalive = false } = {}) {
    const answer = await this.send(url, data, keepalive);
    // A token that is older than the session is refused like one who may not: with a fresh one it is told apart.
    if (answer.status !== 403 || isOver(answer)) return this.read(answer);
    await this.fetchToken();
    return this.read(await this.send(url, data, keepalive));
  }

  async get(url) {
    const answer = await fetch(url, { headers: JSON_ONLY, redirect: "manual", cache: "no-store" }).catch(() => { throw new Offline(); });
    return (await this.read(answer)).told;
  }

  async fetchToken() {
    if (!this.renew) throw new SignedOut();
    this.token = (await this.get(this.renew)).token;
  }

  send(url, data, keepalive) {
    data.set?.("csrfmiddlewaretoken", this.token);
    return fetch(url, { method: "POST", body: data, headers: { ...JSON_ONLY, "X-CSRFToken": this.token }, redirect: "manual", keepalive })
      .catch(() => { throw new Offline(); });
  }

  async read(answer) {
    if (isOver(answer)) throw new SignedOut();
    if (answer.status >= 500 || answer.status === 429) throw new Offline();
    if (answer.status === 403 || answer.status === 404) throw new NotAllowed();
    return { status: answer.status, told: await answer.json() };
  }
}
