// Package crypto is the Lua module crypto: digests, signatures, random values,
// encodings and sealed texts, on Go's crypto packages and golang.org/x/crypto.
//
//	hash.go   hash, hmac, equal        digests of texts
//	crypto.go base64, hex, uuid, random
//	seal.go   key, seal, unseal        XChaCha20-Poly1305, keys by Argon2id
package crypto
