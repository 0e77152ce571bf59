export { readFixture } from "./fixture.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { recordingLogger, type LogEntry, type RecordingLogger } from "./recording-logger.ts";
