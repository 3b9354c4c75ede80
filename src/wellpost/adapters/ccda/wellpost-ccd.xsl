<?xml version="1.0" encoding="UTF-8"?>
<!--
Copyright the Wellpost authors. Licensed under the Apache License, Version 2.0.
Shows a C-CDA document as a page that a person can read: of whom it is, what is in it, each section.
It takes nothing from anywhere else and runs no script.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:c="urn:hl7-org:v3" exclude-result-prefixes="c">
  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>

  <xsl:template match="/c:ClinicalDocument">
    <html lang="en">
      <head>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <title><xsl:value-of select="c:title"/></title>
        <style>
          body { font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 64rem; margin: 0 auto; padding: 1rem; }
          h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; border-bottom: 2px solid #0071bc; margin-top: 2rem; }
          a { color: #00538a; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
          dt { font-weight: bold; } dd { margin: 0; }
          .wide { overflow-x: auto; }
          table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #767676; padding: .35rem .5rem; text-align: left; vertical-align: top; }
          th { background: #f0f0f0; } td p { margin: 0 0 .25rem; }
          @media print { nav { display: none; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
        </style>
      </head>
      <body>
        <main>
          <h1><xsl:value-of select="c:title"/></h1>
          <xsl:apply-templates select="c:recordTarget/c:patientRole"/>
          <nav aria-labelledby="inside">
            <h2 id="inside">What is inside</h2>
            <ul>
              <xsl:for-each select="c:component/c:structuredBody/c:component/c:section">
                <li><a href="#{generate-id()}"><xsl:value-of select="c:title"/></a></li>
              </xsl:for-each>
            </ul>
          </nav>
          <xsl:apply-templates select="c:component/c:structuredBody/c:component/c:section"/>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="c:patientRole">
    <dl>
      <dt>Name</dt>
      <dd>
        <xsl:for-each select="c:patient/c:name[1]/*[not(@nullFlavor)]">
          <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if>
          <xsl:value-of select="."/>
        </xsl:for-each>
      </dd>
      <xsl:if test="c:patient/c:birthTime/@value">
        <dt>Born</dt><dd><xsl:apply-templates select="c:patient/c:birthTime/@value" mode="day"/></dd>
      </xsl:if>
      <xsl:if test="c:patient/c:administrativeGenderCode/@displayName">
        <dt>Sex</dt><dd><xsl:value-of select="c:patient/c:administrativeGenderCode/@displayName"/></dd>
      </xsl:if>
      <dt>Kept by</dt>
      <dd><xsl:value-of select="/c:ClinicalDocument/c:custodian//c:name"/></dd>
      <dt>Made on</dt>
      <dd><xsl:apply-templates select="/c:ClinicalDocument/c:effectiveTime/@value" mode="day"/></dd>
      <xsl:variable name="days" select="/c:ClinicalDocument/c:documentationOf/c:serviceEvent/c:effectiveTime"/>
      <xsl:if test="$days/c:low/@value">
        <dt>Covers</dt>
        <dd>
          <xsl:apply-templates select="$days/c:low/@value" mode="day"/>
          <xsl:text> to </xsl:text>
          <xsl:apply-templates select="$days/c:high/@value" mode="day"/>
        </dd>
      </xsl:if>
    </dl>
  </xsl:template>

  <xsl:template match="@*" mode="day">
    <xsl:value-of select="substring(., 1, 4)"/>
    <xsl:if test="string-length(.) &gt;= 6">-<xsl:value-of select="substring(., 5, 2)"/></xsl:if>
    <xsl:if test="string-length(.) &gt;= 8">-<xsl:value-of select="substring(., 7, 2)"/></xsl:if>
  </xsl:template>

  <xsl:template match="c:section">
    <section aria-labelledby="{generate-id()}">
      <h2 id="{generate-id()}"><xsl:value-of select="c:title"/></h2>
      <xsl:apply-templates select="c:text/node()"/>
    </section>
  </xsl:template>

  <xsl:template match="c:table">
    <div class="wide"><table><xsl:apply-templates/></table></div>
  </xsl:template>
  <xsl:template match="c:thead"><thead><xsl:apply-templates/></thead></xsl:template>
  <xsl:template match="c:tbody"><tbody><xsl:apply-templates/></tbody></xsl:template>
  <xsl:template match="c:tr"><tr><xsl:apply-templates/></tr></xsl:template>
  <xsl:template match="c:th"><th scope="col"><xsl:apply-templates/></th></xsl:template>
  <xsl:template match="c:td"><td><xsl:apply-templates/></td></xsl:template>
  <xsl:template match="c:paragraph"><p><xsl:apply-templates/></p></xsl:template>
  <xsl:template match="c:list"><ul><xsl:apply-templates/></ul></xsl:template>
  <xsl:template match="c:item"><li><xsl:apply-templates/></li></xsl:template>
  <xsl:template match="c:br"><br/></xsl:template>
  <xsl:template match="c:content[@styleCode='Bold']"><strong><xsl:apply-templates/></strong></xsl:template>
</xsl:stylesheet>
