// Saves reloads; every page works without it. One delegated listener an event, so that swapped
// blocks need no wiring.
//
//   data-swap="id"       post or follow, then replace the element with that id; data-block names
//                        the template's block where it differs from the id
//   data-once            a form that is sent once only
//   data-autosave        a form that is sent when a field changes; data-quiet keeps the page as it is
//   data-submit          a field that sends its form when it changes
//   data-suggest="url"   results while typing, below the field
//   data-complete="url"  fills the field's datalist while typing
//   data-preview="id"    a form whose block of that name is asked for again, at data-preview-url,
//                        whenever a field changes
//   data-down            Enter moves to the next field of the column
//   data-step="±1"       steps the number beside it
//   data-sum             a form whose lines (data-prices="from:price …") and total are reckoned as
//                        quantities and ticks change; the server reckons again
//   data-live="url"      re-reads data-block whenever the server says so
//   data-every="n"       re-reads data-block every n seconds while something in it is data-moving
//   data-bell="url"      a number that the server keeps right; data-rings is a block that is read
//                        again when it says what is new
const root = document.documentElement;
root.dataset.script = "on";

const blockOf = (element) => element.dataset.block || element.dataset.swap;

async function swap(id, block, url, options = {}) {
  const target = document.getElementById(id);
  target?.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(url, {
      credentials: "same-origin",
      ...options,
      headers: { "Kontor-Fragment": block, ...options.headers },
    });
  } catch {
    target?.removeAttribute("aria-busy");
    return false;
  }
  const text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  // A whole page comes where the block could not be given alone, such as after signing out.
  const whole = page.getElementById(id);
  if (!whole && !answer.ok && page.getElementById("main")) {
    // An error says what happened where the reader is; the address stays.
    const main = document.getElementById("main");
    main.replaceChildren(...page.getElementById("main").childNodes);
    main.focus();
    return true;
  }
  if (!whole && (answer.status === 401 || /<html[\s>]/i.test(text))) {
    location.assign(answer.url);
    return true;
  }
  const focus = document.activeElement;
  const mark = focus && target?.contains(focus) ? locate(focus) : null;
  const typed = mark ? focus.value : null;
  const nodes = [...(whole ?? page.body).childNodes].map((node) => document.importNode(node, true));
  target.replaceChildren(...nodes);
  target.removeAttribute("aria-busy");
  const again = mark && target.querySelector(mark);
  if (again) {
    again.focus({ preventScroll: true });
    if (again.select && again.value !== typed) again.select();
  }
  announceErrors(target);
  return true;
}

// A selector that finds the same control in the block that replaces this one.
function locate(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const form = element.closest("form");
  const name = element.getAttribute("name");
  const part = name ? `[name="${CSS.escape(name)}"]` : element.localName;
  return form ? `form[action="${CSS.escape(form.getAttribute("action"))}"] ${part}` : part;
}

function announceErrors(within) {
  within.querySelector("[data-focus]")?.focus();
}

function send(form, submitter) {
  const data = new FormData(form, submitter);
  const multipart = form.enctype === "multipart/form-data";
  return {
    method: "POST",
    body: multipart ? data : new URLSearchParams(data),
  };
}

const sending = new WeakSet();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const submitter = event.submitter;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  // A button may replace a block where its form loads a page.
  const asked = submitter?.dataset.swap ? submitter : form;
  if (asked.dataset.swap && document.getElementById(asked.dataset.swap)) {
    event.preventDefault();
    sending.add(form);
    const get = form.method !== "post";
    const url = get
      ? `${form.action.split("?")[0]}?${new URLSearchParams(new FormData(form, submitter))}`
      : form.action;
    const done = await swap(asked.dataset.swap, blockOf(asked), url, get ? {} : send(form, submitter));
    sending.delete(form);
    if (!done) form.submit();
    else if (get) history.replaceState(null, "", url);
  } else if (form.matches("[data-once]")) {
    sending.add(form);
    submitter?.setAttribute("aria-disabled", "true");
    // Whoever comes back by the browser's button must be able to send again.
    addEventListener("pageshow", () => {
      sending.delete(form);
      submitter?.removeAttribute("aria-disabled");
    }, { once: true });
  }
});

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) {
    const input = step.parentElement.querySelector("input");
    const by = Number(input.step) || 1;
    const least = Number(input.dataset.min) || 0;
    const blank = Number(input.min) === 0;
    const now = Number(input.value) || 0;
    const up = Number(step.dataset.step) > 0;
    // Off a multiple, the first press goes to the nearest one in that direction.
    let next = up ? Math.floor(now / by) * by + by : Math.ceil(now / by) * by - by;
    if (next < least) next = up ? least : (blank ? 0 : least);
    input.value = next === 0 && blank ? "" : String(next);
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  if (event.target.closest("[data-print]")) {
    print();
    return;
  }
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) {
    event.preventDefault();
    root.dataset.theme = theme.dataset.themeChoice;
    for (const choice of theme.parentElement.children) {
      choice.setAttribute("aria-pressed", String(choice === theme));
    }
    fetch(theme.form.action, send(theme.form, theme)).catch(() => {});
    return;
  }
  const link = event.target.closest("a[data-swap]");
  if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    swap(link.dataset.swap, blockOf(link), link.href).then((done) => {
      if (done) history.pushState(null, "", link.href);
      else location.assign(link.href);
    });
    return;
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A menu that opens at the edge of the page comes into sight as a whole.
document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.menu[open]")) {
    event.target.querySelector(".menu-panel")?.scrollIntoView({ block: "nearest" });
  }
}, true);

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-submit]")) field.form.requestSubmit();
  const form = field.form;
  if (!form?.matches("[data-autosave]")) return;
  if (form.matches("[data-quiet]")) {
    fetch(form.action, send(form)).catch(() => {});
  } else {
    form.requestSubmit();
  }
});

// The steps of a price, "2:241200 10:220000": from so many, ten-thousandths of the currency each.
function priceAt(steps, quantity) {
  let price = null;
  for (const step of steps.split(" ")) {
    const [from, each] = step.split(":").map(Number);
    if (price === null || quantity >= from) price = each;
  }
  return price;
}

function reckon(form, changed) {
  const digits = Number(form.dataset.digits);
  const money = (value, most) => new Intl.NumberFormat(root.lang, {
    style: "currency", currency: form.dataset.currency,
    minimumFractionDigits: digits, maximumFractionDigits: most,
  }).format(value);
  let [ticked, total] = [0, 0];
  for (const line of form.querySelectorAll("[data-prices]")) {
    const field = line.querySelector("[name=quantity]");
    const tick = line.querySelector("[name=tick]");
    const quantity = /^\d+$/.test(field.value.trim()) ? Number(field.value) : 0;
    // Who gives a quantity wants the line; who takes it away does not.
    if (changed === field) tick.checked = quantity > 0;
    const price = priceAt(line.dataset.prices, quantity);
    const minor = Math.round((price * quantity) / 10 ** (4 - digits));
    line.querySelector("[data-line-total]").textContent = quantity ? money(minor / 10 ** digits, digits) : "–";
    const unit = line.querySelector("[data-one]");
    unit.textContent = quantity === 1 ? unit.dataset.one : unit.dataset.many;
    line.querySelector("[data-line-price]").textContent = money(price / 10000, 4);
    if (!tick.checked) continue;
    ticked += 1;
    total += minor;
  }
  form.querySelector("[data-ticked]").textContent = String(ticked);
  form.querySelector("[data-total]").textContent = money(total / 10 ** digits, digits);
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.form;
    if (form?.matches("[data-sum]")) reckon(form, event.target);
  });
}

let previewing = 0;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.preview) return;
  clearTimeout(previewing);
  previewing = setTimeout(() => {
    swap(form.dataset.preview, form.dataset.preview, form.dataset.previewUrl, send(form));
  }, 350);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key === "Escape") {
    document.querySelector(".suggestions")?.replaceChildren();
    const menu = field.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key === "Enter" && field.matches?.("input[data-down]") && !event.ctrlKey) {
    const column = [...document.querySelectorAll("input[data-down]")];
    const next = column[column.indexOf(field) + 1];
    if (next) {
      event.preventDefault();
      field.dispatchEvent(new Event("change", { bubbles: true }));
      next.focus();
      next.select();
    }
  }
  const inBox = field.closest?.(".suggestions");
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (inBox || field.dataset?.suggest)) {
    const box = inBox || field.parentElement.querySelector(".suggestions");
    const links = [...(box?.querySelectorAll("a") ?? [])];
    if (links.length === 0) return;
    event.preventDefault();
    const at = links.indexOf(field) + (event.key === "ArrowDown" ? 1 : -1);
    (links[at] ?? (inBox ? box.parentElement.querySelector("[data-suggest]") : links[0])).focus();
  }
});

let typing = 0;
let latest = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  const suggest = field.dataset?.suggest;
  const complete = field.dataset?.complete;
  if (!suggest && !complete) return;
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const q = field.value.trim();
    const mine = ++latest;
    const box = suggest ? suggestions(field) : field.list;
    if (q.length < 2) {
      box?.replaceChildren();
      return;
    }
    try {
      const answer = await fetch(`${suggest || complete}?q=${encodeURIComponent(q)}`);
      const text = await answer.text();
      // A slower answer to an older question must not replace a newer one.
      if (!answer.ok || mine !== latest || !box) return;
      const body = new DOMParser().parseFromString(complete ? `<datalist>${text}</datalist>` : text, "text/html").body;
      box.replaceChildren(...(complete ? body.firstElementChild : body).childNodes);
    } catch {
      box?.replaceChildren();
    }
  }, 140);
});

function suggestions(field) {
  let box = field.parentElement.querySelector(".suggestions");
  if (!box) {
    box = document.createElement("div");
    box.className = "suggestions";
    field.parentElement.append(box);
  }
  return box;
}

document.addEventListener("focusout", (event) => {
  const search = event.target.closest?.(".top-search");
  if (search && !search.contains(event.relatedTarget)) {
    search.querySelector(".suggestions")?.replaceChildren();
  }
});

// A pasted list is checked at once: what is wrong shows without another click.
document.addEventListener("paste", (event) => {
  const area = event.target;
  if (area.matches?.("textarea.lines-input") && area.value === "") {
    setTimeout(() => area.value.trim() && area.form.requestSubmit(), 0);
  }
});

// One line to the server an open page: what is live on it and the bell's number come by the same,
// for a browser has six to a site. A page out of sight gives its line back, and asks again later.
const live = document.querySelector("[data-live]");
const bell = document.querySelector("[data-bell]");
const events = live?.dataset.live ?? bell?.dataset.bell;
let line = null;
let pause = 2000;
let waiting = 0;

// Several events within a moment cause one re-reading.
function reread(number = "", held = false) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    await swap(live.id, blockOf(live) || live.id, location.href);
    const status = document.querySelector("[data-live-status]");
    if (status && number) {
      status.textContent = `${held ? status.dataset.held : status.dataset.text} ${number}`;
    }
  }, 120);
}

for (const moving of document.querySelectorAll("[data-every]")) {
  setInterval(() => {
    // Nobody looks at it, or somebody reads its figures, or it has come to rest.
    if (document.hidden || moving.querySelector("details[open]")) return;
    if (moving.querySelector("[data-moving]")) swap(moving.id, blockOf(moving) || moving.id, location.href);
  }, Number(moving.dataset.every) * 1000);
}

function ring(told) {
  bell.querySelector("[data-bell-label]").textContent = told.label;
  bell.querySelector("[data-bell-shown]").textContent = told.shown;
  bell.querySelector("[data-bell-count]").hidden = told.unread === 0;
  if (!told.says) return;
  document.querySelector("[data-bell-status]").textContent = told.says;
  const list = document.querySelector("[data-rings]");
  if (list) swap(list.id, blockOf(list) || list.id, location.href);
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function listen() {
  if (line || !events || document.visibilityState === "hidden") return;
  line = new EventSource(events);
  line.onopen = () => { pause = 2000; };
  line.onmessage = (event) => {
    const told = live && parsed(event.data);
    if (told) reread(told.number, told.state === "held");
  };
  line.addEventListener("bell", (event) => {
    const told = bell && parsed(event.data);
    if (told) ring(told);
  });
  // The browser tries again by itself, unless it was answered something else.
  line.onerror = () => {
    if (line?.readyState !== EventSource.CLOSED) return;
    line = null;
    setTimeout(listen, pause);
    pause = Math.min(pause * 2, 300_000);
  };
}

function hangUp() {
  line?.close();
  line = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") {
    hangUp();
  } else {
    listen();
    if (live) reread();
  }
});
addEventListener("pagehide", hangUp);
addEventListener("pageshow", listen);
listen();

// A device that was woken opened this page: what it was woken for has been read.
navigator.serviceWorker?.addEventListener("message", (event) => {
  const id = event.data?.opened;
  const csrf = document.querySelector("[name=csrf]")?.value;
  if (!csrf || !/^[0-9a-f-]{36}$/.test(id)) return;
  fetch(`/notifications/${id}/open`, {
    method: "POST", redirect: "manual", body: new URLSearchParams({ csrf }),
  }).catch(() => {});
});

// Whoever signs out of a browser is not woken there any more.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/sign-out") return;
  navigator.serviceWorker?.getRegistration("/")
    .then((worker) => worker?.pushManager?.getSubscription())
    .then((subscription) => subscription?.unsubscribe())
    .catch(() => {});
});

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
announceErrors(document);
