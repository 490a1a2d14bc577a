// Nothing that was written is lost: words go to the server, unsaved, a few seconds after they were typed, and to this
// device where they cannot. Also who else has the article open, and who saved it meanwhile.

import { NotAllowed, Offline, SignedOut } from "studio/writing/asking";
import { Device } from "studio/writing/device";

const PAUSE = 2500;
const BEAT = 15_000;
const AGAIN = 5000;

const clock = (when) => new Date(when).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

function ago(seconds) {
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

export class Keeping {
  /** `words()` gives all that is on the screen, `apply(words)` puts it there. */
  constructor({ told, form, server, words, apply }) {
    Object.assign(this, { told, form, server, words, apply, waiting: 0, sending: null, isBusy: false, isDirty: false, offer: null });
    this.device = new Device(told.key);
    this.state = document.querySelector("[data-kept]");
    this.saved = JSON.stringify(words());
    this.version = Number(form.dataset.version);
    this.lookBack();
    this.listen();
    this.beat();
  }

  get base() {
    return Number(this.form.elements.base.value);
  }

  set base(number) {
    this.form.elements.base.value = number;
  }

  /** The draft that ends when this form is saved; none, while an older one waits for a decision. */
  get version() {
    return this.known;
  }

  set version(number) {
    this.known = number;
    this.form.elements.version.value = this.offer ? "" : number;
  }

  say(sentence, kind = "") {
    this.state.className = `kept ${kind}`;
    if (this.state.textContent !== sentence) this.state.textContent = sentence;
  }

  listen() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
      else this.beat();
    });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.beat(); });
    window.addEventListener("online", () => this.keep());
    window.addEventListener("beforeunload", (event) => { if (this.isDirty && this.device.isFull) event.preventDefault(); });
    setInterval(() => { if (document.visibilityState === "visible") this.beat(); }, BEAT);
  }

  /** Something was typed. */
  touched() {
    this.isDirty = true;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.toDevice(), 300);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.keep(), PAUSE);
  }

  toDevice() {
    // While older words wait for a decision, what is typed beside them does not take their place.
    if (this.offer?.from === "device") return;
    this.device.write({ words: this.words(), base: this.base, version: this.version });
  }

  leave() {
    clearTimeout(this.writing);
    if (!this.isDirty) return;
    this.toDevice();
    if (!this.offer && !this.isBusy) this.keep({ keepalive: true });
  }

  // --- To the server ----------------------------------------------------------------------------------------------------

  async keep({ keepalive = false } = {}) {
    clearTimeout(this.waiting);
    if (this.isBusy || !this.isDirty) return;
    if (this.offer) {
      this.say("Kept on this device. Decide above about your earlier unsaved words.", "wait");
      return;
    }
    this.isBusy = true;
    this.isDirty = false;
    const data = this.data();
    const size = keepalive ? new Blob([...data.values()]).size : 0;
    if (!keepalive) this.say("Keeping…");
    try {
      // What is sent while a page goes away may have 64 KB; the rest waits on the device.
      if (size > 60_000) throw new Offline();
      this.sending = this.server.post(this.told.draft, data, { keepalive });
      const { status, told } = await this.sending;
      this.isBusy = false;
      if (status === 422) this.failed(told.error);
      else this.kept(told);
    } catch (error) {
      this.isBusy = false;
      this.trouble(error);
    }
  }

  data() {
    this.form.dispatchEvent(new CustomEvent("flush"));
    const data = new FormData(this.form);
    data.set("version", this.version);
    return data;
  }

  kept(told) {
    if (told.isBehind) {
      this.isDirty = true;
      this.toDevice();
      this.showOther(told);
      return;
    }
    this.version = told.version;
    this.news(told);
    if (this.isDirty) return;
    this.device.clear();
    this.say(`Unsaved, kept ${clock(told.keptAt)}`, "good");
  }

  failed(sentence) {
    this.isDirty = true;
    this.toDevice();
    this.say(sentence, "bad");
  }

  trouble(error) {
    this.isDirty = true;
    this.toDevice();
    const where = this.device.isFull ? "not kept: this device has no room. Copy your text." : "kept on this device";
    if (error instanceof SignedOut) this.signedOut(where);
    else if (error instanceof NotAllowed) this.say(`You may not change this article any more; ${where}.`, "bad");
    else if (error instanceof Offline) {
      this.say(`Offline: ${where}`, "bad");
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.keep(), AGAIN);
    } else throw error;
  }

  signedOut(where) {
    // Said each time: what was tried meanwhile has said something else.
    this.say(`Your session has ended: ${where}. `, "bad");
    const link = Object.assign(document.createElement("a"), { href: this.told.signIn, target: "_blank", textContent: "Sign in in another tab" });
    this.state.append(link, "; this page then goes on by itself.");
    if (this.isWaiting) return;
    this.isWaiting = true;
    const again = setInterval(async () => {
      try {
        await this.server.fetchToken();
      } catch {
        return;
      }
      clearInterval(again);
      this.isWaiting = false;
      this.say("You are signed in again.", "good");
      this.keep();
    }, AGAIN / 2);
  }

  async beat() {
    if (this.isBusy || this.isWaiting) return;
    const data = new FormData();
    data.set("beat", "1");
    data.set("base", this.base);
    try {
      this.news((await this.server.post(this.told.draft, data)).told);
      if (this.isDirty && !this.offer) this.keep();
    } catch (error) {
      if (error instanceof SignedOut) this.trouble(error);
    }
  }

  // --- Others -----------------------------------------------------------------------------------------------------------

  news(told) {
    const here = document.querySelector("[data-presence]");
    const sentence = told.others.map(({ name, wrote }) => (
      wrote === null ? `${name} has this article open too.` : `${name} is writing here too, last words ${ago(wrote)}.`
    )).join(" ");
    if (here.textContent !== sentence) here.textContent = sentence;
    here.hidden = !sentence;
    const moved = document.querySelector("[data-moved]");
    moved.hidden = told.latest <= this.base;
    if (moved.hidden) return;
    const who = told.latestIsMine ? "You saved this article in another window" : `${told.latestBy} saved this article`;
    moved.querySelector("span").textContent = `${who} at ${clock(told.latestAt)}. Nothing of yours is lost: what you both wrote is put side by side before anything is saved.`;
  }

  /** Compare and merge, or simply see what is new where nothing was typed here. */
  async toMerge() {
    if (!this.isDirty && this.saved === JSON.stringify(this.words())) {
      location.reload();
      return;
    }
    this.isDirty = true;
    await this.keep();
    if (!this.isDirty) location.assign(this.told.merge);
  }

  // --- What was left behind -----------------------------------------------------------------------------------------------

  lookBack() {
    const left = this.device.read();
    const isSame = left && JSON.stringify(left.words) === this.saved;
    if (isSame) this.device.clear();
    const at = this.form.dataset.keptAt;
    if (left && !isSame && (!at || left.at > at)) this.show({ from: "device", at: left.at, ...left });
    else if (at) this.show({ from: "server", at });
  }

  show(offer) {
    this.offer = offer;
    this.version = this.known;
    const box = document.querySelector("[data-offer]");
    const day = new Date(offer.at).toDateString() === new Date().toDateString() ? "" : ` on ${new Date(offer.at).toLocaleDateString()}`;
    box.querySelector("span").textContent = `Your unsaved words of ${clock(offer.at)}${day} are here${offer.from === "device" ? ", kept on this device" : ""}.`;
    box.hidden = false;
    box.onclick = (event) => this.decide(event.target.closest("[data-decision]")?.dataset.decision);
  }

  showOther(told) {
    this.version = told.version;
    this.show({ from: "server", at: told.keptAt });
    this.say("You wrote on this article in another window: decide above which words go on.", "wait");
  }

  settled() {
    this.offer = null;
    this.version = this.known;
    document.querySelector("[data-offer]").hidden = true;
  }

  async decide(decision) {
    if (!decision || !this.offer) return;
    try {
      await this[decision]();
    } catch (error) {
      if (error instanceof Offline || error instanceof SignedOut || error instanceof NotAllowed) this.trouble(error);
      else throw error;
    }
  }

  async restore() {
    const { from } = this.offer;
    const left = from === "device" ? this.offer : (await this.server.get(this.told.draft)).kept;
    this.settled();
    if (!left) return;
    this.apply(left.words);
    // What they began from, so that saving compares them with what was saved since.
    this.base = left.base;
    this.isDirty = from === "device";
    this.say(`Restored: your unsaved words of ${clock(left.keptAt ?? left.at)}`, "good");
    if (from === "device") await this.keep();
    else this.beat();
  }

  async discard() {
    const { from } = this.offer;
    const { told } = await this.server.post(this.told.discard, new FormData());
    this.settled();
    this.version = told.version;
    if (from === "device") this.device.clear();
    this.say("Your unsaved words are discarded.", "");
    document.querySelector("#id_title")?.focus();
    if (this.isDirty) this.keep();
  }

  /** On the page that merges, which knows what the server has. */
  async compare() {
    const { from } = this.offer;
    if (from === "device") {
      const offered = this.offer;
      this.settled();
      this.apply(offered.words);
      this.base = offered.base;
      this.isDirty = true;
      await this.keep();
      if (this.isDirty) return;
    }
    location.assign(this.told.merge);
  }

  /** The form was saved: its draft has ended. */
  ended(told) {
    this.base = told.base;
    this.version = told.version;
    this.saved = JSON.stringify(this.words());
    document.querySelector("[data-moved]").hidden = true;
    if (this.isDirty) return;
    if (this.offer?.from !== "device") this.device.clear();
    this.say(`Saved ${clock(told.saved)}`, "good");
  }
}
