import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The server's end of one WebSocket, as bare as RFC 6455 allows: short messages, no fragments, no compression. */
export interface SocketPeer {
  /** Binary messages that came in, in order. */
  readonly messages: readonly Uint8Array[];
  /** The close code that the client gave. */
  readonly closeCode: number | undefined;
  readonly isOpen: boolean;
  send(bytes: Uint8Array): void;
  sendText(text: string): void;
  /** A ping of the WebSocket itself. */
  ping(): void;
  close(code: number): void;
  /** Ends the connection without a goodbye. */
  drop(): void;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODES = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Answers an upgrade request; `onChange` is called after everything that happens. */
export function acceptSocket(request: IncomingMessage, socket: Duplex, onChange: () => void): SocketPeer {
  const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"] ?? ""}${GUID}`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const seen = { messages: [] as Uint8Array[], closeCode: undefined as number | undefined, isOpen: true };
  const write = (opcode: number, body: Uint8Array): void => {
    if (socket.writable) socket.write(encode(opcode, body));
  };
  let rest = Buffer.alloc(0);

  function handle(opcode: number, body: Buffer): void {
    if (opcode === OPCODES.binary) seen.messages.push(body);
    if (opcode === OPCODES.ping) write(OPCODES.pong, body);
    if (opcode !== OPCODES.close) return;
    seen.closeCode = body.length >= 2 ? body.readUInt16BE() : 1005;
    write(OPCODES.close, body);
    socket.end();
  }
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = decode(rest); frame !== undefined; frame = decode(rest)) {
      rest = rest.subarray(frame.size);
      handle(frame.opcode, frame.body);
    }
    onChange();
  });
  socket.on("error", () => undefined);
  socket.once("end", () => socket.end());
  socket.once("close", () => {
    seen.isOpen = false;
    onChange();
  });

  return {
    get messages() {
      return seen.messages;
    },
    get closeCode() {
      return seen.closeCode;
    },
    get isOpen() {
      return seen.isOpen;
    },
    send: (bytes) => write(OPCODES.binary, bytes),
    sendText: (text) => write(OPCODES.text, Buffer.from(text)),
    ping: () => write(OPCODES.ping, new Uint8Array(0)),
    close: (code) => write(OPCODES.close, Buffer.from([code >> 8, code & 255])),
    drop: () => void socket.destroy(),
  };
}

function encode(opcode: number, body: Uint8Array): Buffer {
  const length = body.length < 126 ? Buffer.from([body.length]) : Buffer.alloc(9, 127);
  if (body.length >= 126) length.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, body]);
}

/** A whole frame at the beginning of `bytes`; those of a client are masked. */
function decode(bytes: Buffer): { opcode: number; body: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 127;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 2 + extra) return undefined;
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const start = 2 + extra + 4;
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const body = bytes.subarray(start, start + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { opcode: bytes.readUInt8(0) & 15, body: Buffer.from(body), size: start + length };
}
