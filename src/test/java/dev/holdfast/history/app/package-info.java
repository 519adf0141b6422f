/** What the history checker deploys: a servlet that does as it is told, and a witness of events. */
@NullMarked
package dev.holdfast.history.app;

import org.jspecify.annotations.NullMarked;
