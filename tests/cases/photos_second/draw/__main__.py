"""python draw OUT: draws the photographs and truth.jsonl. The seed is the id."""
import sys, io, json, zlib, pathlib, numpy as np, cv2
from PIL import Image
import layouts, scene
from kit import Label, S
from cases import P
out = pathlib.Path(sys.argv[1]); only = set(sys.argv[2:]); rows = []

def notice(seed):
    L = Label(120, 80, seed=seed); L.d.rectangle((0, 0, 960, 150), fill=(180, 20, 25)); L.t(60, 4, "消防通道  禁止堆放", 9, "sansb", fill=(250, 250, 250), anchor="m")
    L.t(8, 26, "责任区域：二号库 B 区 12—18 排", 5); L.t(8, 36, "检查周期：每周一次  灭火器 MFZ/ABC4 × 4", 4.4); L.t(8, 46, "值班室电话：8108   火警 119", 6, "sansb"); L.t(8, 62, "金穗仓储 安全科 制  2026 年 3 月", 4)
    return L

for id_, verdict, faults, traps, fonts, labels, ph in P:
    if only and id_ not in only: continue
    seed = zlib.crc32(id_.encode()); r = np.random.default_rng(seed); ph = dict(ph); exif = ph.pop("exif", 0)
    W, H = labels[0][1]["wh"]; pic = scene.ground(labels[0][1]["bg"], H, W, r); fields = []; dist = []
    for n, (con, sc) in enumerate(labels):
        L = notice(seed) if con == "notice" else getattr(layouts, con["lay"])(con, seed + n)
        if con != "notice" and con.get("marker"):
            for k, (b, ver) in list(L.fields.items()):
                if k in (("name", "receiver"), ("phone", "receiver")): L.marker((b[0] + (48 if k[0] == "name" and con["marker"] == 1 else 0) + (44 if k[0] == "phone" and con["marker"] == 1 else 0), b[1], b[2], b[3]), con["marker"])
            if con["marker"] == 1: b = L.fields[("address", "receiver")][0]; L.marker((b[2] - 180, b[3] - 42, b[2] + 6, b[3] + 2), 1)
        a = np.asarray(L.im); th = sc.get("thermal", {"fade": .04}); a = scene.thermal(a, r, **th) if L.ink == (18, 18, 20) and con != "notice" else a.astype(np.float32)
        if con != "notice" and con["lay"] == "C": a = a * np.array((1, .99, .95))
        pic, boxes = scene.place(pic, a, {k: b for k, (b, _) in L.fields.items()}, r, sc["c"], sc["size"], sc["rot"], sc["persp"], sc["wave"], sc["fold"])
        for k, (_, ver) in L.fields.items(): fields.append({"label": n, "field": k[0], "party": k[1].split("#")[0], "verdict": ver, "box": boxes[k]})
        dist += [x for x, y in (("perspective", sc["persp"] >= .5), ("rotation", abs(sc["rot"]) >= 4), ("waves", sc["wave"] >= .6), ("folds", sc["fold"]), ("fading", th["fade"] > .1), ("stain", th.get("stain"))) if y and x not in dist]
    dist += [k for k in ("blur", "motion", "glare", "shadow", "film", "thumb", "dark", "warm") if ph.get(k)] + (["exif %d" % exif] if exif else [])
    im = Image.fromarray(scene.photo(pic, r, **ph)); ex = Image.Exif()
    if exif: ex[0x0112] = exif; im = im.transpose({6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[exif])
    for q in range(84, 40, -4):
        b = io.BytesIO(); im.save(b, "JPEG", quality=q, exif=ex)
        if b.tell() < 390_000: break
    (out / f"{id_}.jpg").write_bytes(b.getvalue())
    if verdict == "unreadable": fields = []
    rows.append({"id": id_, "file": f"{id_}.jpg", "kind": "other" if labels[0][0] == "notice" else "label", "layouts": [x["lay"] if x != "notice" else "notice" for x, _ in labels], "fonts": [fonts], "traps": traps, "faults": faults, "distortions": dist, "verdict": verdict, "readable_by_person": id_ != "q39", "fields": fields})
    bad = any(f["verdict"] == "fail" for f in fields)
    assert verdict == "unreadable" or bad == (verdict == "fail"), id_
    print(id_, verdict, b.tell() // 1000, "KB q", q, flush=True)
if not only: (out / "truth.jsonl").write_text("".join(json.dumps(x, ensure_ascii=False) + "\n" for x in rows))
