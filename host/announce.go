package host

import (
	"fmt"

	"github.com/mdp/qrterminal/v3"
)

// noteAddress takes over the link that the account has now.
func (h *Host) noteAddress() {
	link := h.account.link
	h.address.Store(&link)
}

// announce shows the bot's address, once per start, to a person on a terminal
// with its QR code. Logs hold no links, not even this one.
func (h *Host) announce() {
	switch {
	case *h.address.Load() == "":
		h.log.Info("the bot has no address, so nobody new can write to it", "hint", "create_address = true makes one")
	case h.opts.Out == nil || !h.opts.Terminal:
		h.log.Info("the bot's address is known", "hint", "simplex-lua status shows it")
		h.log.Debug("the bot's address", "link", *h.address.Load())
	default:
		fmt.Fprintf(h.opts.Out, "\n%s is on SimpleX. To write to it, open this link or scan the code in the app:\n\n%s\n\n", h.opts.Name, *h.address.Load())
		qrterminal.GenerateHalfBlock(*h.address.Load(), qrterminal.L, h.opts.Out)
		fmt.Fprintln(h.opts.Out)
	}
}
