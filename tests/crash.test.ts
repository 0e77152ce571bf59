import { crashSuite } from "./house/crash-suite.ts";
import { mochatHouse } from "./peers/mochat-house.ts";

crashSuite(mochatHouse);
