// Writes golang.json: trees, tiles, proofs and a signed note made by golang.org/x/mod/sumdb, an implementation
// that shares no line with ours. Debian: apt-get install golang-1.24-go golang-golang-x-mod-dev, then
//
//	GO111MODULE=off GOPATH=/usr/share/gocode /usr/lib/go-1.24/bin/go run golang.go > golang.json
//
// The tests read the frozen output and need no Go.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin = "ledger.test/golang"
	count  = 70000
)

var sizes = []int64{1, 2, 3, 7, 8, 255, 256, 257, 511, 1000, 65535, 65536, 65537, 69999, 70000}
var places = []int64{0, 1, 254, 255, 256, 12345, 65535, 65536, 69998, 69999}

type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = t[index]
	}
	return found, nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func hexes(hashes []tlog.Hash) []string {
	out := []string{}
	for _, one := range hashes {
		out = append(out, hex.EncodeToString(one[:]))
	}
	return out
}

func main() {
	stored := tree{}
	for n := int64(0); n < count; n++ {
		fresh, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("leaf %d", n)), stored)
		must(err)
		stored = append(stored, fresh...)
	}
	roots := map[string]string{}
	inclusion := map[string][]string{}
	consistency := map[string][]string{}
	last, err := tlog.TreeHash(count, stored)
	must(err)
	for _, size := range sizes {
		root, err := tlog.TreeHash(size, stored)
		must(err)
		roots[fmt.Sprint(size)] = hex.EncodeToString(root[:])
		if size == count {
			continue
		}
		proof, err := tlog.ProveTree(count, size, stored)
		must(err)
		must(tlog.CheckTree(proof, count, last, size, root))
		consistency[fmt.Sprint(size)] = hexes(proof)
	}
	for _, place := range places {
		proof, err := tlog.ProveRecord(count, place, stored)
		must(err)
		leaf := tlog.RecordHash([]byte(fmt.Sprintf("leaf %d", place)))
		must(tlog.CheckRecord(proof, count, last, place, leaf))
		inclusion[fmt.Sprint(place)] = hexes(proof)
	}
	tiles := map[string]string{}
	for _, tile := range tlog.NewTiles(8, 0, count) {
		data, err := tlog.ReadTileData(tile, stored)
		must(err)
		sum := sha256.Sum256(data)
		tiles[fmt.Sprintf("%d/%d/%d", tile.L, tile.N, tile.W)] = hex.EncodeToString(sum[:])
	}

	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = 9
	}
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(origin, public)
	must(err)
	verifier, err := note.NewVerifier(vkey)
	must(err)
	key := append([]byte{1}, seed...)
	skey := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", origin, verifier.KeyHash(), base64.StdEncoding.EncodeToString(key))
	signer, err := note.NewSigner(skey)
	must(err)
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, count, last)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	must(err)

	// Our own frozen note, read by them.
	var ours struct {
		Note  string
		Vkeys []string
	}
	data, err := os.ReadFile("note.json")
	must(err)
	must(json.Unmarshal(data, &ours))
	theirs, err := note.NewVerifier(ours.Vkeys[0])
	must(err)
	opened, err := note.Open([]byte(ours.Note), note.VerifierList(theirs))
	must(err)

	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	must(encoder.Encode(map[string]any{
		"size": count, "roots": roots, "inclusion": inclusion, "consistency": consistency, "tiles": tiles,
		"vkey": vkey, "note": string(signed), "read_of_ours": opened.Text,
	}))
}
