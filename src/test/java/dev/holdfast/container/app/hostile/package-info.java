/** Classes of an application that do what they should not. */
package dev.holdfast.container.app.hostile;
