import type { LarkChoice, LarkDelivery, Parcel } from "./delivery.ts";
import { CLICK_EVENT, type LarkEvent, newEventId, renderEnvelope } from "./event.ts";
import type { LarkState } from "./state.ts";

/** What telling the bot of an event may need besides the event. */
export interface Telling extends Partial<Pick<Parcel, "onAnswer">> {
  /** What the event is remembered by; its own id unless given. */
  readonly id?: string;
  readonly choice?: LarkChoice;
}

/** Tells the bot of an event. */
export function tell(state: LarkState, event: LarkEvent, { id, choice, onAnswer }: Telling = {}): LarkDelivery {
  const eventId = newEventId();
  const { eventType } = event;
  const at = state.now();
  return state.deliveries.send(
    {
      id: id ?? eventId,
      eventId,
      eventType,
      isRetried: eventType !== CLICK_EVENT || state.behaviour.retriesClicks,
      render: (named) => renderEnvelope(event, named, { ...state.credentials, tenantKey: state.tenantKey, at }),
      ...(onAnswer === undefined ? {} : { onAnswer }),
    },
    choice,
  );
}
