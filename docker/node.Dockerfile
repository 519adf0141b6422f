# A server as it comes, with the demo's WAR: the library is inside it, and nothing else is needed.
FROM tomcat:11.0.14-jre17
COPY holdfast-demo.war /usr/local/tomcat/webapps/ROOT.war
