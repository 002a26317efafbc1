package crypto

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"crypto/subtle"
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	lua "github.com/yuin/gopher-lua"
	"golang.org/x/crypto/blake2b"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// algorithms are the digests; md5 and sha1 are there to read what others wrote.
var algorithms = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	"sha3-256": func() hash.Hash { return sha3.New256() },
	"blake2b":  func() hash.Hash { h, _ := blake2b.New512(nil); return h }, // fails for a long key only
}

// algorithm reads argument 1.
func (c crypto) algorithm(L *lua.LState, what string) func() hash.Hash {
	name := module.String(c.vm, L, 1, what+": the algorithm")
	known := slices.Sorted(maps.Keys(algorithms))
	if algorithms[name] == nil {
		module.Argument(c.vm, L, "%s: no algorithm %q; there are %s", what, name, strings.Join(known, ", "))
	}
	return algorithms[name]
}

// hash is crypto.hash(algorithm, data[, encoding]).
func (c crypto) hash(L *lua.LState) int {
	h := c.algorithm(L, "crypto.hash")()
	h.Write([]byte(module.String(c.vm, L, 2, "crypto.hash: the data")))
	L.Push(c.written(L, 3, "crypto.hash", h.Sum(nil)))
	return 1
}

// hmac is crypto.hmac(algorithm, key, data[, encoding]).
func (c crypto) hmac(L *lua.LState) int {
	h := hmac.New(c.algorithm(L, "crypto.hmac"), []byte(module.String(c.vm, L, 2, "crypto.hmac: the key")))
	h.Write([]byte(module.String(c.vm, L, 3, "crypto.hmac: the data")))
	L.Push(c.written(L, 4, "crypto.hmac", h.Sum(nil)))
	return 1
}

// equal is crypto.equal(a, b): the time it takes tells nothing about where they differ.
func (c crypto) equal(L *lua.LState) int {
	a, b := module.String(c.vm, L, 1, "crypto.equal"), module.String(c.vm, L, 2, "crypto.equal")
	L.Push(lua.LBool(subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1))
	return 1
}

// maxRandom is how many random bytes there are at once.
const maxRandom = 1 << 20

// random is crypto.random(n[, encoding]): n random bytes, fit for keys.
func (c crypto) random(L *lua.LState) int {
	b := make([]byte, module.Int(c.vm, L, 1, "crypto.random", 1, maxRandom))
	rand.Read(b) // never fails
	encoding := L.Get(2)
	if encoding == lua.LNil {
		L.Push(lua.LString(b))
		return 1
	}
	L.Push(c.written(L, 2, "crypto.random", b))
	return 1
}

// uuid is crypto.uuid(): a random one (version 4).
func (c crypto) uuid(L *lua.LState) int {
	L.Push(lua.LString(uuid.NewString()))
	return 1
}
