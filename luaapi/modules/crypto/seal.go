package crypto

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// What the derivation of a key costs: the second choice of RFC 9106, for
// machines with little memory.
const (
	argonPasses  = 3
	argonMemory  = 64 << 10 // KiB
	argonThreads = 4
	minSalt      = 8
)

// key is crypto.key(password, salt): the 32 bytes of a key. It waits.
func (c crypto) key(L *lua.LState) int {
	password, salt := module.String(c.vm, L, 1, "crypto.key: the password"), module.String(c.vm, L, 2, "crypto.key: the salt")
	if len(salt) < minSalt {
		module.Argument(c.vm, L, "crypto.key: the salt has %d bytes, want at least %d", len(salt), minSalt)
	}
	var key []byte
	c.vm.Wait(L, func(context.Context) error {
		derive <- struct{}{}
		defer func() { <-derive }()
		key = argon2.IDKey([]byte(password), []byte(salt), argonPasses, argonMemory, argonThreads, chacha20poly1305.KeySize)
		return nil
	})
	L.Push(lua.LString(key))
	return 1
}

// derive lets one key be derived at a time, for the memory that it takes.
var derive = make(chan struct{}, 1)

// seal is crypto.seal(key, text): the nonce and what only the key opens.
func (c crypto) seal(L *lua.LState) int {
	aead := c.aead(L, "crypto.seal")
	text := module.String(c.vm, L, 2, "crypto.seal: the text")
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
	rand.Read(nonce) // never fails
	L.Push(lua.LString(aead.Seal(nonce, nonce, []byte(text), nil)))
	return 1
}

// unseal is crypto.unseal(key, sealed): the text, nil where the key is another
// or the sealed text was changed.
func (c crypto) unseal(L *lua.LState) int {
	aead := c.aead(L, "crypto.unseal")
	sealed := []byte(module.String(c.vm, L, 2, "crypto.unseal: the text"))
	n := aead.NonceSize()
	if len(sealed) < n {
		L.Push(lua.LNil)
		return 1
	}
	text, err := aead.Open(nil, sealed[:n], sealed[n:], nil)
	if err != nil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LString(text))
	return 1
}

// aead reads the key in argument 1.
func (c crypto) aead(L *lua.LState, what string) cipher.AEAD {
	key := module.String(c.vm, L, 1, what+": the key")
	aead, err := chacha20poly1305.NewX([]byte(key))
	if err != nil {
		c.vm.Raise(L, &module.Error{Type: module.ErrArgument,
			Message: fmt.Sprintf("%s: the key has %d bytes, want %d", what, len(key), chacha20poly1305.KeySize),
			Hint:    "Make one with crypto.random(32) or crypto.key(password, salt)."})
	}
	return aead
}
