// The messages of the contract, and refusals as gRPC statuses with ErrorInfo.

import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import protobuf from "protobufjs";

const STATUS = protobuf.parse(`syntax = "proto3"; package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }`).root;

const CODES = {
  MALFORMED: grpc.status.INVALID_ARGUMENT,
  OVERSIZED: grpc.status.RESOURCE_EXHAUSTED,
  FIELD_INVALID: grpc.status.INVALID_ARGUMENT,
  TARGETS_MISSING: grpc.status.INVALID_ARGUMENT,
  TARGET_UNKNOWN: grpc.status.INVALID_ARGUMENT,
  PURPOSE_MISSING: grpc.status.INVALID_ARGUMENT,
  MRZ_INVALID: grpc.status.INVALID_ARGUMENT,
  DEADLINE_INVALID: grpc.status.INVALID_ARGUMENT,
  TOKEN_INVALID: grpc.status.UNAUTHENTICATED,
  TOKEN_EXPIRED: grpc.status.UNAUTHENTICATED,
  TOKEN_FOREIGN: grpc.status.UNAUTHENTICATED,
  TOKEN_UNBOUND: grpc.status.UNAUTHENTICATED,
  SIGNATURE_INVALID: grpc.status.UNAUTHENTICATED,
  QUERY_STALE: grpc.status.FAILED_PRECONDITION,
  NONCE_REUSED: grpc.status.FAILED_PRECONDITION,
  FEDERATION_WRONG: grpc.status.FAILED_PRECONDITION,
  PEER_FORBIDDEN: grpc.status.PERMISSION_DENIED,
  LEDGER_UNAVAILABLE: grpc.status.UNAVAILABLE,
  INTERNAL: grpc.status.INTERNAL,
  BANK_UNKNOWN: grpc.status.NOT_FOUND,
};

/** Why a call is refused. `text` and `metadata` never hold a value of the question. */
export class Refusal extends Error {
  constructor(reason, text, metadata = {}) {
    super(text);
    Object.assign(this, { reason, metadata });
  }
}

/** The status that the caller gets: code, text and ErrorInfo. */
export function statusOf(refusal) {
  const info = { reason: refusal.reason, domain: "kalkan", metadata: refusal.metadata };
  const value = STATUS.lookupType("google.rpc.ErrorInfo").encode(info).finish();
  const detail = { typeUrl: "type.googleapis.com/google.rpc.ErrorInfo", value };
  const code = CODES[refusal.reason];
  const status = { code, message: refusal.message, details: [detail] };
  const metadata = new grpc.Metadata();
  const bytes = STATUS.lookupType("google.rpc.Status").encode(status).finish();
  metadata.set("grpc-status-details-bin", Buffer.from(bytes));
  return { code, details: refusal.message, metadata };
}

/** Read the contract from its .proto files. */
export function readContract(folder) {
  const root = new protobuf.Root();
  root.resolvePath = (_, name) => (name.startsWith("google/") ? name : join(folder, name));
  root.loadSync(["kalkan/v1/node_service.proto", "kalkan/v1/attestation.proto"]);
  root.resolveAll();
  return {
    encode: (name, message) => Buffer.from(root.lookupType(`kalkan.v1.${name}`).encode(message).finish()),
    /** Decode; whole numbers become numbers, what is not set gets its default. */
    decode(name, data) {
      const type = root.lookupType(`kalkan.v1.${name}`);
      try {
        return type.toObject(type.decode(data), { longs: Number, defaults: true, arrays: true, oneofs: true });
      } catch {
        throw new Refusal("MALFORMED", `the message is not a ${name}`);
      }
    },
    words: (name) => root.lookupEnum(`kalkan.v1.${name}`).values,
  };
}

/** The time as the contract writes it. */
export function timestamp(milliseconds) {
  return { seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1_000_000 };
}
