/** The tests of the site in Chromium: one module, so that it is built once. */
import "./site/exercises.ts";
import "./site/figures.ts";
import "./site/own.ts";
import "./site/reading.ts";
import "./site/running.ts";
import "./site/looks.ts";
