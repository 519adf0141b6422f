/**
 * Reads a WAR and says what will matter when its sessions move: {@code doctor --war} of the command
 * line, {@link dev.holdfast.preflight.Preflight} for a program.
 *
 * <h2>Decisions</h2>
 *
 * <ul>
 *   <li><b>The codec judges.</b> Whether a class can be kept is asked of {@link
 *       dev.holdfast.codec.StorableClasses}, which uses the same routes and the same allow-list as
 *       {@code AttributeCodec}; a second set of rules would soon say something else.
 *   <li><b>Classes are loaded, never initialised</b>, by a loader that sees the WAR and the JDK.
 *       The Servlet API is not there when this runs from the all jar, so a type that the WAR lacks
 *       is replaced by an empty stand-in. What depends on one is "not known", never "refused".
 *   <li><b>Types are followed through single methods</b> by ASM's Analyzer, with the class of what
 *       was made and the declared type of everything else, and through methods that only pass an
 *       Object on. What is found is a hint: a declared class may have a subclass at run time, and
 *       an interface says nothing.
 *   <li><b>Frameworks speak by the page frameworks.md</b>, which is measured, not by their code.
 *   <li><b>Nothing is unpacked.</b> The jars in the WAR are read as streams, and again when a class
 *       of theirs has to be loaded; what is inflated is counted.
 * </ul>
 */
@NullMarked
package dev.holdfast.preflight;

import org.jspecify.annotations.NullMarked;
