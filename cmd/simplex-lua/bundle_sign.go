package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/simplex-lua/simplex-lua/internal/bundle"
)

// passwordVar is the variable with the password of a private key.
const passwordVar = "SIMPLEX_LUA_SIGN_PASSWORD"

func bundleSignCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "sign",
		Usage:     "sign a bundle, in the form of minisign",
		ArgsUsage: "BUNDLE",
		Description: "Writes the signature to BUNDLE.sig. The password of the key is asked for, or is in\n" +
			"$" + passwordVar + ".\n\n" +
			"   simplex-lua bundle sign --key me.key bot",
		Flags: []cli.Flag{&cli.StringFlag{Name: "key", Usage: "`FILE` of the private key"}},
		Action: func(c *cli.Context) error {
			if c.String("key") == "" || c.Args().Len() != 1 {
				return usagef("bundle sign: as in: simplex-lua bundle sign --key me.key bot")
			}
			b, err := s.openArg(c, "bundle sign")
			if err != nil {
				return err
			}
			defer b.Close()
			if err := b.Verify(); err != nil {
				return err
			}
			key, err := bundle.ReadKey(c.String("key"))
			if err != nil {
				return usagef("bundle sign: --key: %w", err)
			}
			password := ""
			if bundle.KeyEncrypted(key) {
				if password, err = s.password("Password of the key: "); err != nil {
					return err
				}
			}
			sig, err := bundle.Sign(b.Path, key, password)
			if err != nil {
				return usagef("bundle sign: %w", err)
			}
			if err := os.WriteFile(b.Path+bundle.SignatureSuffix, sig, 0o644); err != nil {
				return fmt.Errorf("bundle sign: %w", err)
			}
			fmt.Fprintln(s.out, b.Path+bundle.SignatureSuffix)
			return nil
		},
	}
}

func bundleVerifyCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "check a bundle and its signature",
		ArgsUsage: "[BUNDLE]",
		Description: "Reads the signature in BUNDLE.sig. Use your own simplex-lua for it: a program that is not\n" +
			"to be trusted can say anything of itself.\n\n" +
			"   simplex-lua bundle verify --public-key me.pub bot\n" +
			"   simplex-lua bundle verify --public-key RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3 bot",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "public-key", Usage: "the public `KEY`, or the file that it is in"},
			&cli.StringFlag{Name: "signature", Usage: "`FILE` of the signature (default: BUNDLE.sig)"},
		},
		Action: func(c *cli.Context) error {
			if c.String("public-key") == "" {
				return usagef("bundle verify: whose signature? Give --public-key KEY")
			}
			b, err := s.openArg(c, "bundle verify")
			if err != nil {
				return err
			}
			defer b.Close()
			if err := b.Verify(); err != nil {
				return err
			}
			place := c.String("signature")
			if place == "" {
				place = b.Path + bundle.SignatureSuffix
			}
			sig, err := bundle.ReadKey(place)
			if err != nil {
				return usagef("bundle verify: the signature: %w", err)
			}
			key, err := bundle.ReadKey(c.String("public-key"))
			if errors.Is(err, fs.ErrNotExist) {
				key, err = []byte(c.String("public-key")), nil
			}
			if err != nil {
				return usagef("bundle verify: --public-key: %w", err)
			}
			id, err := bundle.VerifySignature(b.Path, key, sig)
			switch {
			case errors.Is(err, bundle.ErrSignature):
				return err
			case err != nil:
				return usagef("bundle verify: %w", err)
			}
			fmt.Fprintf(s.out, "%s: whole, and signed by key %s\n", b.Path, id)
			return nil
		},
	}
}

func bundleKeygenCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:  "keygen",
		Usage: "make a pair of keys to sign bundles with",
		Description: "Writes NAME.key, which you keep, and NAME.pub, which you publish. They are those of\n" +
			"minisign. The password is asked for, or is in $" + passwordVar + ".\n\n" +
			"   simplex-lua bundle keygen -o me",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`NAME` of the files"},
			&cli.BoolFlag{Name: "no-password", Usage: "leave the private key unencrypted"},
		},
		Action: func(c *cli.Context) error {
			name := c.String("output")
			if name == "" || c.Args().Present() {
				return usagef("bundle keygen: as in: simplex-lua bundle keygen -o me")
			}
			password := ""
			if !c.Bool("no-password") {
				var err error
				if password, err = s.newPassword(); err != nil {
					return err
				}
			}
			private, public, err := bundle.NewKeys(password)
			if err != nil {
				return err
			}
			if err := writePair(name, private, public); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s.key is secret; give %s.pub to those who are to trust you\n", name, name)
			return nil
		},
	}
}

// writePair writes both keys or none: neither is of use alone.
func writePair(name string, private, public []byte) error {
	if err := writeNew(name+".pub", public, 0o644); err != nil {
		return err
	}
	if err := writeNew(name+".key", private, 0o600); err != nil {
		return errors.Join(err, os.Remove(name+".pub"))
	}
	return nil
}

// writeNew writes a file where there is none, wholly or not at all.
func writeNew(path string, text []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return usagef("bundle keygen: %s is there already, and no key is replaced; give another name with -o", path)
	}
	if err != nil {
		return fmt.Errorf("bundle keygen: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("bundle keygen: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

// newPassword asks for a password twice.
func (s *streams) newPassword() (string, error) {
	first, err := s.password("Password for the new key: ")
	if err != nil || !isTerminal(s.in) {
		return first, err
	}
	if again, err := s.password("Once more: "); err != nil || again != first {
		return "", errors.Join(err, usagef("the two passwords differ"))
	}
	return first, nil
}

// password is that of the environment, or what is typed unseen on the terminal.
func (s *streams) password(prompt string) (string, error) {
	if p, _ := lookupEnv(passwordVar); p != "" {
		return p, nil
	}
	in, ok := s.in.(*os.File)
	if !ok || !isTerminal(in) {
		return "", usagef("nobody can be asked for the password here: set $%s; keygen --no-password makes a key without one", passwordVar)
	}
	if _, err := io.WriteString(s.err, prompt); err != nil {
		return "", err
	}
	typed, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(s.err)
	if err == nil && len(typed) == 0 {
		err = usagef("an empty password is none")
	}
	return string(typed), err
}
