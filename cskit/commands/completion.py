"""`cskit completion`: the script that lets a shell complete command lines."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
def completion(shell: str) -> None:
    """Print the script with which a shell completes command lines.

    Put its output where your shell reads it at its start; new shells then complete commands, options, ids and
    values when you press Tab.

    \b
    bash:        cskit completion bash > ~/.local/share/bash-completion/completions/cskit
                 or in ~/.bashrc: source <(cskit completion bash)
    zsh:         in ~/.zshrc, below compinit: source <(cskit completion zsh)
    fish:        cskit completion fish > ~/.config/fish/completions/cskit.fish
    PowerShell:  cskit completion powershell | Out-String | Invoke-Expression

    \b
    Example:
      cskit completion bash
    """
    from cskit.terminal.shells import script

    click.echo(script(shell, click.get_current_context().find_root().command), nl=False)
