export { channelContract } from "./channel-contract.ts";
export type { ContractDescriptor, ContractFault, ContractInbound, ContractPlatform, ContractSubject } from "./contract-subject.ts";
export { readFixture } from "./fixture.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { recordingAccept, type RecordingAccept } from "./recording-accept.ts";
export { recordingLogger, type LogEntry, type RecordingLogger } from "./recording-logger.ts";
