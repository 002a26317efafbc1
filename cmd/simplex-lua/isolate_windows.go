package main

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps the signals that a terminal sends away from the process.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
