package host

import (
	"fmt"

	"github.com/mdp/qrterminal/v3"
)

// announce shows the bot's address, once per start: to a person on a terminal
// with its QR code, otherwise as one log line.
func (h *Host) announce() {
	switch {
	case h.address == "":
		h.log.Info("the bot has no address, so nobody new can write to it", "hint", "create_address = true makes one")
	case h.opts.Out == nil || !h.opts.Terminal:
		h.log.Info("the bot's address", "link", h.address)
	default:
		fmt.Fprintf(h.opts.Out, "\n%s is on SimpleX. To write to it, open this link or scan the code in the app:\n\n%s\n\n", h.opts.Name, h.address)
		qrterminal.GenerateHalfBlock(h.address, qrterminal.L, h.opts.Out)
		fmt.Fprintln(h.opts.Out)
	}
}
