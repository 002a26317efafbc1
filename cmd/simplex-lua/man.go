package main

import (
	"fmt"

	"github.com/urfave/cli/v2"
)

func manCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:  "man",
		Usage: "print the manual page",
		Description: "   simplex-lua man | man -l -\n" +
			"   simplex-lua man > /usr/local/share/man/man1/simplex-lua.1",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usagef("man: takes no arguments")
			}
			page, err := c.App.ToManWithSection(1)
			if err != nil {
				return fmt.Errorf("make the manual page: %w", err)
			}
			_, err = fmt.Fprint(s.out, page)
			return err
		},
	}
}
