package modtest_test

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

func TestRun(t *testing.T) {
	t.Parallel()
	modtest.Run(t, modtest.Options{Globals: map[string]string{"ADDRESS": "127.0.0.1:1"}})
}

func TestEval(t *testing.T) {
	t.Parallel()
	out, err := modtest.Eval(t, modtest.Options{}, `print("x") error("wrong")`)
	if out != "x\n" || err == nil || !strings.Contains(err.Error(), "test.lua:1: wrong") {
		t.Errorf("got %q, %v", out, err)
	}
}
