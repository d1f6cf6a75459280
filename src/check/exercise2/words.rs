//! What exercise 2 says to who fails: likely mistakes, then remarks on what
//! was sent.

words! {
    CONTRACT = "one line for each frame: its layers from the outside in, \
        separated by a comma and a space, as the page lists them. On the \
        wire the destination comes first, in the line the source.";
    TCP = "the flags from the high bit to the low one, joined by +, and none \
        if there is none. Options are counted in bytes: the header's length \
        is in words of four.";
    ARP = "28 bytes for Ethernet and IPv4 addresses: operation, sender, \
        target. Other kinds or lengths of address are bad; any operation is \
        a number.";
    UDP = "a checksum of 0 means that the sender has taken none, and a \
        datagram may be empty.";
    ICMP = "four bytes: type, code, checksum; all the rest is payload. The \
        sum goes over the whole message, without a pseudo-header.";
    IPV6 = "40 bytes, and no checksum of its own. The pseudo-header has 16 \
        bytes for an address, and is in ICMPv6's sum too; addresses are \
        written as RFC 5952 says.";
    VLAN = "a tag is four bytes: 8100 comes first, where the type would be, \
        and the next type behind it. The number is the tag's low 12 bits.";
    OPTIONS = "the header's length is in its first byte, in words of four. \
        What carries on begins behind the options.";
    EXTENSION = "hop-by-hop (0) and destination options (60): the first byte \
        is the next header, the second the length in units of 8 bytes, not \
        counting the first 8.";
    FRAGMENT = "a part of a packet is not taken apart further. The offset is \
        13 bits, in units of 8 bytes, and in IPv6 it lies 3 bits higher.";
    OTHER = "a type or protocol that is not in the list is printed, and the \
        rest counted as payload.";
    PADDING = "IP says where the packet ends; a short frame is filled up \
        behind it, and not with zeros only. Such bytes are neither payload \
        nor in a checksum.";
    CUT = "look at how many bytes there are before you read one. Up to 13 \
        are a truncated Ethernet header, an IP packet that is cut behind its \
        header is short.";
    IHL = "fewer than 5 words, or another version than 4: bad. More words \
        than there are bytes: truncated.";
    TOTAL = "a total length below the header's own is bad, one beyond the \
        frame is short, and one before the frame's end leaves padding.";
    VERSION = "the type said IPv6, the first four bits say otherwise: bad.";
    PAYLOAD_LENGTH = "the length counts what follows the 40 bytes. Nothing \
        behind it belongs to the packet.";
    EXTENSION_LENGTH = "an extension header that reaches past its packet is \
        truncated; any of them may follow another one.";
    DATA_OFFSET = "fewer than 5 words: bad. More than the packet has: \
        truncated.";
    IN_TRANSPORT = "the packet ends inside the next header: that one is \
        truncated, however many bytes the frame has.";
    UDP_LENGTH = "below 8 or beyond the packet: bad. If it is less than the \
        packet has, the rest is padding, and not in the checksum.";
    CHECKSUM = "name a wrong checksum and go on: the words must add up to \
        ffff. An odd last byte counts as the high one of a word.";
    BLIND = "two swapped words leave the sum as it was: the checksum is \
        ok, and the text is wrong.";
    PSEUDO = "the sum of TCP takes in both addresses, the protocol and the \
        length: the header of IP may be right, and this one not.";
    NO_CHECKSUM = "over IPv6 a checksum of 0 is wrong: only IPv4 may go \
        without.";
    MODEL = "compare with the page's list line by line: the first problem \
        ends the line.";
    NOT_HEX_LIKELY = "two hex digits for each byte and nothing else; many a \
        parser takes spaces, signs or 0x. The connection goes on.";
    UPPER_CASE = "hex digits of either case, and the next line is answered \
        after a bad one.";
    TOGETHER = "many lines may come at once, and each has its answer, in \
        order. What one read brings is not one line.";
    ONE_READ = "one `read` is not one line: read on until \\n.";
    HALF_LINE = "whole lines are answered, half a line is not; then close.";
    NEXT_CLIENT = "after that client the next one is not served. Let an error \
        end one connection, not the loop.";

    EMPTY_LINE = "an empty line";
    THEN_HALF_CLOSE = "then a half-close";
}
