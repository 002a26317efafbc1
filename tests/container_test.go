package tests

import (
	"os/exec"
	"testing"
)

// TestImageSteps runs the steps of the Containerfile that need no container
// engine; where one is, the image itself is built by the commands of
// docs/operating.md.
func TestImageSteps(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh here, in which the image's steps are written")
	}
	cmd := exec.Command(sh, "docs/deploy/try-image.sh")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
