//! What exercise 2 says to who fails: likely mistakes, then remarks on what
//! was sent.

words! {
    CONTRACT = "one line for each frame: its layers from the outside in, as \
        the page lists them, the source first. If only a checksum is another \
        one: an odd last byte is the high one of its word. If `fragment` is \
        too much: \"don't fragment\" is none. Options are counted in bytes.";
    TCP = "the flags from the high bit to the low one, joined by +. Options \
        are counted in bytes: the header's length is in words of four. \
        `payload 0` is said, too.";
    FLAGS = "the flags from the high bit to the low one, joined by +, and \
        none if there is none. The checksum is wrong with other flags: say \
        so, and go on.";
    ARP = "28 bytes for Ethernet and IPv4 addresses: operation, sender, \
        target, and no `payload`. Other kinds or lengths of address are bad; \
        any operation is a number.";
    UDP = "a checksum of 0 means that the sender has taken none, and a \
        datagram may be empty.";
    ICMP = "four bytes: type, code, checksum; all the rest is payload. The \
        sum goes over the whole message, without a pseudo-header.";
    IPV6 = "40 bytes, and no checksum of its own. The pseudo-header has 16 \
        bytes for an address, and is in ICMPv6's sum too; addresses are \
        written as RFC 5952 says.";
    ADDRESS = "as RFC 5952 writes it: `::` for the longest row of zeros, \
        the first of equal ones, never for a single one; lower case, no \
        zeros in front.";
    VLAN = "a tag is four bytes: 8100 comes first, where the type would be, \
        and the next type behind it. The number is the tag's low 12 bits.";
    OPTIONS = "the header's length is in its first byte, in words of four. \
        What carries on begins behind the options.";
    EXTENSION = "hop-by-hop (0) and destination options (60): the first byte \
        is the next header, the second the length in units of 8 bytes, not \
        counting the first 8.";
    FRAGMENT = "a part of a packet is not taken apart further. The offset is \
        13 bits, in units of 8 bytes, and in IPv6 it lies 3 bits higher; \
        print it in bytes.";
    NO_FRAGMENT = "the first three bits are none of the offset's: reserved, \
        \"don't fragment\", \"more fragments\". Of these only the last makes \
        it a part.";
    RESERVED = "some bits are of no interest, such as those between TCP's \
        length and its flags, or behind IPv6's version: cut out what you \
        need before you compare it or show it.";
    WHOLE_FRAGMENT = "with a fragment header the rest is payload, also at \
        offset 0 and with nothing to follow.";
    OTHER_VERSION = "ICMP is protocol 1 in IPv4 only, ICMPv6 58 in IPv6 \
        only, and extensions are IPv6's: 0, 60 and 44. Any other number is \
        `protocol`, a routing header (43) too.";
    LENGTH_TYPE = "a length in the place of the type is printed like a type, \
        and the rest of the frame is payload.";
    OTHER = "a type that is not in the list is printed as four lower-case \
        digits, a protocol as a decimal number; the rest is counted as \
        payload.";
    PADDING = "IP says where the packet ends; a short frame is filled up \
        behind it, and not with zeros only. Such bytes are neither payload \
        nor in a checksum; they are the last part of the line.";
    NO_BYTES = "an empty line is right: a frame of 0 bytes, too short for \
        any header.";
    CUT = "look at how many bytes there are before you read one. Up to 13 \
        are a truncated Ethernet header, an IP packet that is cut behind its \
        header is short.";
    IHL = "fewer than 5 words, or another version than 4: bad, and nothing \
        else is said of this header.";
    MORE_OPTIONS = "the header is as long as its first byte says: what was \
        TCP's is an option now, and TCP begins behind it.";
    BAD_FIRST = "look first whether 20 bytes are there, then whether \
        version, words or total length are bad, and only then whether all \
        options are there.";
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
        truncated, however many bytes the frame has, and this is the last \
        part of the line.";
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
    ALL_ONES = "add all words, the checksum among them, and compare with \
        ffff. Who takes the sum anew and compares finds 0 here, where ffff \
        is as right.";
    ALL_ZEROS = "a checksum of 0 is one like any other: only in UDP does it \
        say that there is none.";
    SUM_OF_0 = "all words are 0, and so is their sum, which must be ffff: a \
        remainder of 0 is not enough.";
    OWN_LENGTH = "the sum of UDP ends where its own length says, and that \
        length is in the pseudo-header, not the packet's.";
    CUT_FIRST = "look first whether all 28 bytes are there, then what they \
        say: this one is truncated.";
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
