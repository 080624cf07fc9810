import { verify } from "./verifier.mjs";

const KINDS = @KINDS@;
const PURPOSES = @PURPOSES@;
const byId = (id) => document.getElementById(id);
const held = { policy: null, proofs: [] };
const add = (parent, tag, text, lang) => {
  const node = document.createElement(tag);
  node.textContent = text;
  if (lang) node.lang = lang;
  parent.append(node);
  return node;
};
const both = (parent, tag, zh, en) => add(add(parent, tag, zh), "span", en, "en");
const moment = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 19) + " UTC";

function show() {
  const box = byId("result");
  box.replaceChildren();
  if (!held.proofs.length) return;
  if (held.policy === null) { both(box, "p", "还需要信任政策文件。", "The trust policy is still needed."); return; }
  for (const [name, bytes] of held.proofs) {
    const card = add(box, "section", "");
    card.className = "card";
    try {
      const results = verify(bytes, held.policy);
      both(card, "h2", `✓ 成立：${name}`, `✓ holds: ${name}`);
      for (const one of results) report(card, one);
    } catch (error) {
      card.className = "card bad";
      both(card, "h2", `✗ 不成立：${name}`, `✗ does not hold: ${name}`);
      both(card, "p", `原因：${error.message}。文件被改动、不完整，或政策不对。`, `Reason: ${error.message}. The file was changed or is incomplete, or the policy is another one.`);
    }
  }
}
function report(card, one) {
  const { checkpoint } = one;
  both(card, "p", `台账 ${checkpoint.origin}，共 ${checkpoint.size} 条`, `Ledger ${checkpoint.origin}, ${checkpoint.size} entries`);
  const names = [...checkpoint.cosigned].map(([name, when]) => `${name} (${moment(when)})`).join(", ");
  both(card, "p", `见证：${names || "无"}`, `Witnessed by: ${names || "nobody"}`);
  if (one.kind === "entry") both(card, "p", `第 ${one.index} 条`, `Entry ${one.index}`);
  else both(card, "p", `共 ${one.looks.length} 次查看；前 ${one.complete} 条之内完整，其后 ${one.open} 次尚未封日`, `${one.looks.length} looks; complete up to entry ${one.complete}, ${one.open} after the last closed day`);
  if (one.newer) both(card, "p", `其后还有 ${one.newer} 条（其中 ${one.fresh} 次查看）见证方尚未签名，只有台账自己的签名`, `${one.newer} newer entries, ${one.fresh} of these looks among them, are not witnessed yet: the log's own signature alone`);
  if (!one.looks.length) return;
  const table = add(card, "table", ""), head = add(add(table, "thead", ""), "tr", ""), body = add(table, "tbody", "");
  for (const [zh, en] of [["时间", "time"], ["事件", "kind"], ["目的", "purpose"]]) add(head, "th", `${zh} ${en}`).scope = "col";
  for (const look of one.looks) {
    const row = add(body, "tr", "");
    for (const text of [moment(look.time), KINDS[look.kind] ?? String(look.kind), PURPOSES[look.purpose] ?? String(look.purpose)]) add(row, "td", text);
  }
}
async function take(files) {
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    if (/^\s*(#|log |witness |quorum )/.test(text)) held.policy = text;
    else held.proofs.push([file.name, bytes]);
  }
  show();
}
byId("policy").addEventListener("change", async (event) => { const file = event.target.files[0]; if (file) { held.policy = await file.text(); show(); } });
byId("proof").addEventListener("change", (event) => { held.proofs = []; take(event.target.files); });
const drop = byId("drop");
addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
addEventListener("dragleave", () => drop.classList.remove("over"));
addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); held.proofs = []; take(event.dataTransfer.files); });
