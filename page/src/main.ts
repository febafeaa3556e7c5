// The same program is the page and its worker, since a page of one file has no second one to load.

import { work } from "./worker";
import { show } from "./page";

if (typeof document === "undefined") work(self as never);
else show();
