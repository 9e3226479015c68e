"""The options of curl: which take a value, and how several letters behind one dash are told apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


def by_letter(pairs: str) -> dict[str, str]:
    """Return long names by the letters that stand for them."""
    return {pair[0]: pair[2:] for pair in pairs.split()}


# Letters and the long names that they stand for; the first table takes a value, the second does not.
WITH_VALUE = by_letter(
    "A=user-agent b=cookie c=cookie-jar C=continue-at d=data D=dump-header e=referer E=cert F=form H=header "
    "K=config m=max-time o=output P=ftp-port Q=quote r=range t=telnet-option T=upload-file u=user "
    "U=proxy-user w=write-out x=proxy X=request y=speed-time Y=speed-limit z=time-cond"
)
WITHOUT_VALUE = by_letter(
    "0=http1.0 1=tlsv1 2=sslv2 3=sslv3 4=ipv4 6=ipv6 #=progress-bar a=append B=use-ascii f=fail g=globoff "
    "G=get i=include I=head j=junk-session-cookies J=remote-header-name k=insecure l=list-only L=location "
    "M=manual n=netrc N=no-buffer O=remote-name p=proxytunnel q=disable R=remote-time s=silent "
    "S=show-error v=verbose V=version Z=parallel"
)
LONG_WITH_VALUE = {
    *WITH_VALUE.values(),
    *("data-raw", "data-binary", "data-ascii", "data-urlencode", "json", "url", "url-query", "form-string"),
    *("connect-timeout", "retry", "retry-delay", "retry-max-time", "cacert", "capath", "key", "key-type"),
    *("cert-type", "ciphers", "pass", "oauth2-bearer", "resolve", "connect-to", "interface", "limit-rate"),
    *("max-redirs", "max-filesize", "noproxy", "proxy-header", "socks5", "socks5-hostname", "tls-max"),
    *("unix-socket", "stderr", "trace", "trace-ascii", "aws-sigv4", "doh-url", "dns-servers", "proto"),
    *("keepalive-time", "output-dir", "variable", "expand-data", "expand-url", "expand-header", "rate"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command by its long name; `word` is how it was written. An address has no name."""

    name: str
    value: str
    word: str


def read_options(words: Sequence[str]) -> Iterator[Option]:
    """Yield the options of a command, and its addresses."""
    rest = iter(words)
    for word in rest:
        if word == "--":
            yield from (Option("url", address, address) for address in rest)
        elif word.startswith("--"):
            name, is_given, value = word[2:].partition("=")
            if name in LONG_WITH_VALUE and not is_given:
                value = next(rest, "")
            yield Option(name, value, f"--{name}")
        elif word.startswith("-") and word != "-":
            yield from letters(word[1:], rest)
        else:
            yield Option("url", word, word)


def letters(word: str, rest: Iterator[str]) -> Iterator[Option]:
    """Yield the options that stand behind one dash; what follows a letter that takes a value is that."""
    for at, letter in enumerate(word):
        if name := WITH_VALUE.get(letter):
            value = word[at + 1 :] or next(rest, "")
            yield Option(name, value.removeprefix("=") if len(word) > at + 1 else value, f"-{letter}")
            return
        yield Option(WITHOUT_VALUE.get(letter, letter), "", f"-{letter}")
