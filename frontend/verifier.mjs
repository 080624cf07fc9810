// Checks a .tlog-proof or a list of looks against a trust policy, in the browser, without a network.
// The same rules as `waybillguard ledger verify` (docs/ledger-formats.md).
import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_dsa44 } from "@noble/post-quantum/ml-dsa.js";

const utf8 = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
export class Bad extends Error {}
const need = (fine, what) => { if (!fine) throw new Bad(what); };

export function unbase64(text) {
  let raw;
  try { raw = atob(text); } catch { throw new Bad("base64"); }
  need(btoa(raw) === text, "base64");
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}
const join = (...parts) => {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
};
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
const u64 = (n) => { const v = new DataView(new ArrayBuffer(8)); v.setBigUint64(0, BigInt(n)); return new Uint8Array(v.buffer); };
const read = (bytes, at, size) => { let n = 0n; for (const b of bytes.subarray(at, at + size)) n = n * 256n + BigInt(b); need(n <= BigInt(Number.MAX_SAFE_INTEGER), "number"); return Number(n); };
const order = (a, b) => { for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i]; return 0; };
const decimal = (text) => { need(/^(0|[1-9]\d{0,15})$/.test(text), "number"); const n = Number(text); need(Number.isSafeInteger(n), "number"); return n; };

// --- the tree ----------------------------------------------------------------------------------------------
const leafHash = (leaf) => sha256(join(Uint8Array.of(0), leaf));
const nodeHash = (left, right) => sha256(join(Uint8Array.of(1), left, right));
function included(leaf, index, size, path, root) {
  need(Number.isSafeInteger(index) && index >= 0 && index < size && root.length === 32 && path.length <= 63, "tree");
  let node = index, last = size - 1, current = leaf;
  const half = (n) => Math.floor(n / 2);
  for (const sibling of path) {
    need(last !== 0 && sibling.length === 32, "tree");
    if (node % 2 === 1 || node === last) {
      current = nodeHash(sibling, current);
      while (node !== 0 && node % 2 === 0) { node = half(node); last = half(last); }
    } else current = nodeHash(current, sibling);
    node = half(node); last = half(last);
  }
  need(last === 0 && same(current, root), "tree");
}

// RFC 9162, section 2.1.4.2
function extended(first, second, path, firstRoot, secondRoot) {
  need(first > 0 && first < second && path.length > 0 && path.length <= 63, "the newer checkpoint");
  const half = (n) => Math.floor(n / 2);
  let power = first;
  while (power % 2 === 0) power /= 2;
  const steps = power === 1 ? [firstRoot, ...path] : path;
  let node = first - 1, last = second - 1;
  while (node % 2 === 1) { node = half(node); last = half(last); }
  let before = steps[0], after = steps[0];
  for (const sibling of steps.slice(1)) {
    need(last !== 0 && sibling.length === 32, "the newer checkpoint");
    if (node % 2 === 1 || node === last) {
      before = nodeHash(sibling, before); after = nodeHash(sibling, after);
      while (node !== 0 && node % 2 === 0) { node = half(node); last = half(last); }
    } else after = nodeHash(after, sibling);
    node = half(node); last = half(last);
  }
  need(last === 0 && same(before, firstRoot) && same(after, secondRoot), "the newer checkpoint does not extend the cosigned one");
}

// --- keys, notes, policies ---------------------------------------------------------------------------------
const SIZES = { 1: 32, 4: 32, 6: 1312 };
const badName = (name) => name === "" || /[+\s\x00-\x1f]/.test(name);
function vkey(text) {
  const found = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  need(found && !badName(found[1]), "vkey");
  const data = unbase64(found[3]);
  need(SIZES[data[0]] === data.length - 1, "key type");
  const id = hex(sha256(join(utf8.encode(found[1] + "\n"), data)).subarray(0, 4));
  need(id === found[2], "key id");
  return { name: found[1], id, kind: data[0], key: data.subarray(1), text };
}
function note(text) {
  need(text.length < 1 << 20 && !/[\x00-\x09\x0b-\x1f]/.test(text), "note");
  const cut = text.lastIndexOf("\n\n");
  need(cut >= 0 && text.endsWith("\n"), "no signatures");
  const lines = text.slice(cut + 2).split("\n").slice(0, -1);
  need(lines.length > 0 && lines.length <= 64, "signature lines");
  const signatures = lines.map((line) => {
    const found = /^— (\S+) (\S+)$/.exec(line);
    need(found && !badName(found[1]), "signature line");
    const data = unbase64(found[2]);
    need(data.length > 4, "signature");
    return { name: found[1], id: hex(data.subarray(0, 4)), data: data.subarray(4) };
  });
  const body = text.slice(0, cut + 1), parts = body.split("\n");
  need(parts.length >= 4 && parts.pop() === "" && parts.every(Boolean), "checkpoint");
  const root = unbase64(parts[2]);
  need(root.length === 32, "root");
  return { body, signatures, origin: parts[0], size: decimal(parts[1]), root };
}
function signedBy(key, checkpoint, signature) {
  const { data } = signature;
  try {
    if (key.kind === 1) { need(ed25519.verify(data, utf8.encode(checkpoint.body), key.key), "signature"); return 0; }
    const when = read(data, 0, 8), rest = data.subarray(8);
    if (key.kind === 4) {
      need(ed25519.verify(rest, utf8.encode(`cosignature/v1\ntime ${when}\n${checkpoint.body}`), key.key), "signature");
      return when;
    }
    const name = utf8.encode(key.name), origin = utf8.encode(checkpoint.origin);
    need(name.length < 256 && origin.length < 256, "name");
    const message = join(utf8.encode("subtree/v1\n\0"), Uint8Array.of(name.length), name, u64(when),
      Uint8Array.of(origin.length), origin, u64(0), u64(checkpoint.size), checkpoint.root);
    need(ml_dsa44.verify(rest, message, key.key), "signature");
    return when;
  } catch (error) { throw error instanceof Bad ? error : new Bad("signature"); }
}
export function policy(text) {
  const found = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null };
  const used = new Set(), keys = new Set();
  const fresh = (name) => need(name !== "none" && !found.witnesses.has(name) && !found.groups.has(name), "name used twice");
  const key = (words, kinds, list) => {
    // One log key may stand under several names: a ledger signs each of its quarters with the same.
    const parsed = vkey(words), mark = `${list} ${list === "log" ? parsed.name : ""} ${hex(parsed.key)}`;
    need(kinds.includes(parsed.kind) && !keys.has(mark), "key of the wrong type, or listed twice");
    keys.add(mark);
    return parsed;
  };
  text.split("\n").forEach((line, place) => {
    try {
      const [word, ...rest] = line.split(/[ \t]+/).filter(Boolean);
      if (!word || word.startsWith("#")) return;
      if (word === "log" && rest.length >= 1 && rest.length <= 2) found.logs.push(key(rest[0], [1, 6], "log"));
      else if (word === "witness" && rest.length >= 2 && rest.length <= 3) { fresh(rest[0]); found.witnesses.set(rest[0], key(rest[1], [4, 6], "witness")); }
      else if (word === "group" && rest.length > 2) {
        const [name, rule, ...members] = rest;
        fresh(name);
        need(new Set(members).size === members.length, "group member");
        for (const member of members) { need((found.witnesses.has(member) || found.groups.has(member)) && !used.has(member), "group member"); used.add(member); }
        need(/^(all|any|[1-9]\d{0,3})$/.test(rule), "group threshold");
        const needed = rule === "all" ? members.length : rule === "any" ? 1 : Number(rule);
        need(needed <= members.length, "group threshold");
        found.groups.set(name, { needed, members });
      } else if (word === "quorum" && rest.length === 1 && found.quorum === null) {
        need(rest[0] === "none" || found.witnesses.has(rest[0]) || found.groups.has(rest[0]), "unknown quorum");
        found.quorum = rest[0];
      } else throw new Bad(word);
    } catch (error) { throw new Bad(`policy, line ${place + 1}: ${error.message}`); }
  });
  need(found.quorum !== null, "policy: no quorum line");
  return found;
}
function judge(trusted, text) {
  const checkpoint = note(text);
  const by = (key) => checkpoint.signatures.filter((s) => s.name === key.name && s.id === key.id).map((s) => signedBy(key, checkpoint, s));
  const logs = trusted.logs.filter((key) => key.name === checkpoint.origin && by(key).length);
  need(logs.length, "the checkpoint is not signed by a log of the policy");
  const cosigned = new Map();
  for (const [name, key] of trusted.witnesses) { const times = by(key); if (times.length) cosigned.set(name, times.at(-1)); }
  const met = (name) => { const group = trusted.groups.get(name); return group ? group.members.filter(met).length >= group.needed : cosigned.has(name); };
  need(trusted.quorum === "none" || met(trusted.quorum), "not enough witnesses");
  return { ...checkpoint, cosigned };
}

// --- leaves ------------------------------------------------------------------------------------------------
function decode(leaf) {
  if (leaf[0] === 1 && leaf.length === 144) return { look: true, time: read(leaf, 1, 8), kind: leaf[9], field: leaf[10], purpose: leaf[11], tag: leaf.subarray(44, 60), counter: read(leaf, 60, 4), previous: leaf.subarray(64, 96), commit: leaf.subarray(96, 128) };
  if (leaf[0] === 2 && leaf.length === 81) return { look: false, time: read(leaf, 1, 8), first: read(leaf, 13, 8), end: read(leaf, 21, 8), records: read(leaf, 29, 4), root: leaf.subarray(33, 65) };
  return null;
}
function proof(text, trusted) {
  const found = /^c2sp\.org\/tlog-proof@v1\n(?:extra ([^\n]*)\n)?index ([0-9]+)\n((?:[^\n]+\n)*)\n([\s\S]*)$/.exec(text);
  need(found && found[1], "file");
  const extra = JSON.parse(strict.decode(unbase64(found[1])));
  need(extra.v === 1, "version");
  const leaf = unbase64(extra.leaf), index = decimal(found[2]);
  const checkpoint = judge(trusted, found[4]);
  included(leafHash(leaf), index, checkpoint.size, found[3].split("\n").slice(0, -1).map(unbase64), checkpoint.root);
  const parsed = decode(leaf);
  if (extra.body) {
    const commit = hmac(sha256, hmac(sha256, unbase64(extra.key), utf8.encode("waybillguard ledger v1: commit\x01")), unbase64(extra.body));
    need(parsed?.look && same(commit, parsed.commit), "the disclosed words do not match the entry");
  }
  return [{ kind: "entry", checkpoint, index, looks: parsed?.look ? [parsed] : [] }];
}
function evidence(rows, tag, records, root) {
  for (const row of rows) {
    const v = new DataView(new ArrayBuffer(8));
    v.setUint32(0, row.looks); v.setUint32(4, row.counter);
    row.key = unbase64(row.tag);
    included(leafHash(join(row.key, new Uint8Array(v.buffer))), row.position, records, row.path.map(unbase64), root);
  }
  if (rows.length === 1 && same(rows[0].key, tag)) return [rows[0].looks, rows[0].counter];
  const [left, right] = rows;
  const absent = (records === 0 && rows.length === 0)
    || (rows.length === 2 && right.position === left.position + 1 && order(left.key, tag) < 0 && order(tag, right.key) < 0)
    || (rows.length === 1 && ((left.position === 0 && order(tag, left.key) < 0) || (left.position === records - 1 && order(tag, left.key) > 0)));
  need(absent, "a day proves neither the looks nor their absence");
  return [0, 0];
}
function looks(line, trusted) {
  const answer = JSON.parse(line);
  const newer = answer.newer ?? null;
  need(answer.v === "waybillguard-looks/v2" || (answer.v === "waybillguard-looks/v1" && newer === null), "version");
  const tag = unbase64(answer.tag);
  need(tag.length === 16, "tag");
  const checkpoint = judge(trusted, strict.decode(unbase64(answer.checkpoint)));
  let latest = checkpoint;
  if (newer !== null) {
    latest = judge({ ...trusted, quorum: "none" }, strict.decode(unbase64(newer.checkpoint)));
    need(latest.origin === checkpoint.origin && latest.size > checkpoint.size, "the newer checkpoint");
    if (checkpoint.size) extended(checkpoint.size, latest.size, newer.proof.map(unbase64), checkpoint.root, latest.root);
  }
  const under = (items, tree) => items.map((item) => [item, tree]);
  const listed = [...under(answer.looks, checkpoint), ...under(newer?.looks ?? [], latest)];
  const days = [...under(answer.days, checkpoint), ...under(newer?.days ?? [], latest)];
  const at = (item, tree) => { const leaf = unbase64(item.leaf); included(leafHash(leaf), item.index, tree.size, item.path.map(unbase64), tree.root); return [decode(leaf), leafHash(leaf)]; };
  const found = [];
  let previous = new Uint8Array(32), last = -1, complete = 0;
  listed.forEach(([item, tree], n) => {
    const [leaf, digest] = at(item, tree);
    need(leaf?.look && same(leaf.tag, tag) && leaf.counter === n + 1 && same(leaf.previous, previous) && item.index > last, "the chain of looks is broken");
    previous = digest; last = item.index;
    found.push(leaf);
  });
  for (const [day, tree] of days) {
    const [closing] = at(day, tree);
    need(closing && !closing.look && closing.first === complete && closing.end <= day.index, "the days do not join");
    const [count, counter] = evidence(day.rows, tag, closing.records, closing.root);
    const within = listed.map(([item], n) => [item.index, n + 1]).filter(([index]) => index >= closing.first && index < closing.end);
    need(count === within.length && (!within.length || counter === within.at(-1)[1]), "looks were left out");
    complete = closing.end;
  }
  const after = (place) => listed.filter(([item]) => item.index >= place).length;
  return { kind: "looks", checkpoint, looks: found, complete, open: after(complete), newer: latest.size - checkpoint.size, fresh: after(checkpoint.size) };
}
export function verify(bytes, policyText) {
  try {
    need(bytes.length < 64 << 20, "size");
    const text = strict.decode(bytes), trusted = policy(policyText);
    if (!text.startsWith("{")) return proof(text, trusted);
    const rows = text.split("\n").filter(Boolean);
    need(rows.length > 0, "file");
    return rows.map((line) => looks(line, trusted));
  } catch (error) { throw error instanceof Bad ? error : new Bad("file"); }
}
