package bottest

import (
	"testing"
)

func TestExamples(t *testing.T) {
	files, err := Find([]string{"../../scripts/examples"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Run(t.Context(), Options{Files: files, Parallel: 4, Done: func(r Result) {
		t.Log(r.File, r.Name, r.Took)
		if r.Err != nil {
			t.Errorf("%s\n%v", Failure(r.Err), r.Log)
		}
	}})
	t.Logf("%+v %v", s, err)
}
