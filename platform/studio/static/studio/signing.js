// Passkeys: the browser's side of the question and the answer. Bytes travel as base64url in JSON.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

async function make(asked, alone) {
  const publicKey = { ...asked.publicKey };
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.user = { ...publicKey.user, id: toBytes(publicKey.user.id) };
  publicKey.excludeCredentials = known(publicKey.excludeCredentials);
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  const made = await navigator.credentials.create({ publicKey });
  return {
    ...outline(made),
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function ask(asked) {
  const publicKey = { ...asked.publicKey };
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.allowCredentials = known(publicKey.allowCredentials);
  const given = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = given.response;
  return {
    ...outline(given),
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

const outline = (credential) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
});

// data-passkey says what the form is for: "sign-in" fetches its question, "answer" and "new" have it in the page.
const deeds = {
  "sign-in": async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`The studio answered ${answer.status}.`);
    return ask((await answer.json()).request_options);
  },
  answer: () => ask(inPage()),
  new: (form) => make(inPage(), form.elements.passwordless.checked),
};
const inPage = () => JSON.parse(document.getElementById("passkey-options").textContent);

function told(error) {
  if (error.name === "NotAllowedError") return "Nothing was chosen, or it took too long. Try again.";
  if (error.name === "InvalidStateError") return "This device has a passkey for your account already.";
  if (error.name === "SecurityError") return "The browser allows passkeys on a secure address only (https).";
  return `That did not work: ${error.message}`;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    const said = form.querySelector("p.error");
    said.textContent = "This browser has no passkeys.";
    said.hidden = false;
    continue;
  }
  form.hidden = false;
  const button = form.querySelector("button");
  // Enter in the name's field begins as the button does; what is sent is the answer.
  form.addEventListener("submit", (event) => { if (!form.elements.credential.value) { event.preventDefault(); button.click(); } }, true);
  button.addEventListener("click", async () => {
    const said = form.querySelector("p.error");
    said.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await deeds[form.dataset.passkey](form));
      form.submit();
    } catch (error) {
      said.textContent = told(error);
      said.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}
