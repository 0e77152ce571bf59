import { houseSuite } from "./house/house-suite.ts";
import { sendSuite } from "./house/send-suite.ts";
import { mochatHouse } from "./peers/mochat-house.ts";
import { wecomSends } from "./peers/wecom-sends.ts";

houseSuite(mochatHouse);
sendSuite(wecomSends);
