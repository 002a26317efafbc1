package native

import (
	"unsafe"

	"github.com/ebitengine/purego"
)

// sendCmd calls chat_send_cmd. cmd has no NUL. SyscallN keeps alive what its
// arguments point to, for they are converted in the call.
func (f *functions) sendCmd(controller uintptr, cmd string) unsafe.Pointer {
	text := make([]byte, len(cmd)+1) // with a NUL behind it
	copy(text, cmd)
	result, _, _ := purego.SyscallN(f.sendAddr, controller, uintptr(unsafe.Pointer(&text[0])))
	return atAddress(result)
}

// recvMsgWait calls chat_recv_msg_wait.
func (f *functions) recvMsgWait(controller uintptr, microseconds int32) unsafe.Pointer {
	result, _, _ := purego.SyscallN(f.recvAddr, controller, uintptr(microseconds))
	return atAddress(result)
}

// free gives memory of the core back.
func (f *functions) free(p unsafe.Pointer) { purego.SyscallN(f.freeAddr, uintptr(p)) }

// atAddress makes a pointer of an address in the core's memory, which Go's collector
// neither moves nor frees. The detour is for vet, which fears for Go's memory.
func atAddress(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }
