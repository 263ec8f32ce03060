// Public and invented: the merchant and the keys of the sandbox's 通企付. They open nothing anywhere else, and
// production refuses each of them.

export const sandboxKeys = {
  mchNo: 'E240000000001',
  appId: '0123456789abcdef01234567',
  md5Key: 'sandbox-tongqifu-md5-key-which-everybody-knows',
  /** 24 bytes: AES-192. */
  aesKey: 'sandbox-tongqifu-aes-key',
  aesIv: 'sandbox-aes-iv-0',
  /** PKCS#8 and X.509, Base64. */
  rsa: {
    merchantPrivate:
      'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDpod3AV8YuhUBT789lbnzbYmAKTkLwbzXVYRXIR1UMP1wk' +
      'zhutoRqvVYF2RJgi3oUx4SdASCapYSuwUuKKEo8yiHauBvyd0xrN5wu7CcYJBLFrEmHPWxcZ7+u5OlmQwcqxCcLyai/WrVjl' +
      'ka6QbPwAo9xJT1rdwbqYey20RT85egV/u7dbeEPtZNFFR4oBHjgtS8WI7z9YKxDG6pyUc9STHPLIMO5bp5VxlapPWxdoZ93/' +
      'EgaKNlHK39GHpSlf8yaT9unS2Y84xVPbraNi49jZDtv+FiYnRY8Kcu86qjRfj16fMRhF6yCsRNo52I/o+F3y/X6qxdL3n6Bc' +
      'K+iPnnN5AgMBAAECggEACTsOpTLSmbPvaWGS3XxoDSLt4yUEcAt0zQwbmDYj82qYHBF99nY5tQO5LGW5Z7ydoULhZ3Yc+5mN' +
      '6FbeAdE0kdfibdhzfVOB6PC1U0Z86eOi6Yq9t+ZEG2TnTgIy17f7Eijt6DYEfdmLfEaCkcznMqnxYilzJZ/Uh4HBDzD34TAQ' +
      'Vj5CyAS7AXBBkq6bFyEin09Bn65NOf/6og+LY+T2hzn1zabYwldXoXxfiPv8a2C4mevuBGANSlhhPaQtoq7/MkBqkXAONMAL' +
      'bThhVFplbU2wXUpL6L8N+sSTRl1NYNVdalAKG9qNjpiczaqtk5YmTYZQVB6rTlSYC0fAfKQSoQKBgQD9yGfDqBXqYK6ueA0J' +
      'JPyV8lYDqirEohVjp2/noogCzk0G39d5zmFoT8yRyPtzpK1F1lGYxGmSvzYmpzySB+0M7W6Okj5xFF8/SMR5BsBpKOOSlkZP' +
      'aBO78JKZ6z/eOGrjj0HogBpnTCXxNB97xwY/PtfFUJj7WFpeNcdUfdF/twKBgQDrrGS5V2uKxM8l8EaWcGjolGnuy4dbC0E/' +
      'PqNL8AptK1J0xzKXw0+8eS8GmDeO/9vyl4/sjlyIO+BqNyO4JgAdN9b5QaouRth8MYNHKBhzaK07I0O5cerEKB/NPfUr4+fA' +
      'btW0AGk8SzXGZCjOs6MaYsBuw3gJv3H5qOrtzVRGTwKBgBz6E/cAKzhuv6NGK97ebUTFvdJ/TJDVHPIa/SkKotMHMT5WsqjC' +
      'ytZ5PhdrRmLG683skbaKvq81y/4P3FekNgni1lvLEPwiYlm8ekqDXdbkB1AGfpK0hIRSDLssZEeAU5wWEGV2sw0WYcKvu+SL' +
      'LghsqYBrGnygcvkM1OytzQzzAoGAdWZYeregu+0Un/qUv0ZaDFo6dxluYR03MJE8eYynNQDav4+nlVBXPTVFBsz3CEZOxAda' +
      'S+YTFE53mZHEOmy7q9JwRZS/ePQTzbJAikbf/0XK3eXQS+YCpBq01OIjauzKOuM7k8KMqdtxe1XTujxkaLV+1O6MspZq6YqL' +
      'FVEuxSMCgYEA/ZP4qxeqXXUnISEsI17//ebJ18Piqs8ec8uop+qh11v2d2fgyFwVFVvhivk27IVg9xebetpDohCbE+r+VxJJ' +
      'cOrJNK9TdshSBUROW3GGtWdMZn3pzP3zWlIuc+m2XtuA7eVYQ1VycMpWYCKCAqQTOxBMue1rR3bYUV6N4z5n9Qg=',
    merchantPublic:
      'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA6aHdwFfGLoVAU+/PZW5822JgCk5C8G811WEVyEdVDD9cJM4braEa' +
      'r1WBdkSYIt6FMeEnQEgmqWErsFLiihKPMoh2rgb8ndMazecLuwnGCQSxaxJhz1sXGe/ruTpZkMHKsQnC8mov1q1Y5ZGukGz8' +
      'AKPcSU9a3cG6mHsttEU/OXoFf7u3W3hD7WTRRUeKAR44LUvFiO8/WCsQxuqclHPUkxzyyDDuW6eVcZWqT1sXaGfd/xIGijZR' +
      'yt/Rh6UpX/Mmk/bp0tmPOMVT262jYuPY2Q7b/hYmJ0WPCnLvOqo0X49enzEYResgrETaOdiP6Phd8v1+qsXS95+gXCvoj55z' +
      'eQIDAQAB',
    platformPrivate:
      'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDeOcdaq/iQoiu1alfzUYFQoYYl9Zk1FfBz2Q0ygO5Kdytx' +
      'VHuqOJWiaT8kIGP4ltbXhWIuk3y+adSIaaLgAM1mNVrW81UbTfVNnBK5v37fXJaM7Nbi57UxbN9M+4N5cCCzCqJq86U35G4z' +
      '3bt/rnwS4twUojXBI5LYQINu7z2DBtm2hkHtmBWxi2AnWJidGn0x/KCo/0YJ79098m1fmehEQ409hZk3lERhezRoU+XSjUDP' +
      'HQWJTC/3kdOz2GXx+/4enapa/791PtINndrDw+z3Ep4pNaLVqyd0e5RSCNrJwET3VeJfvS9SVMiDPkqMZxdkqE/vxWHQUB0i' +
      'QS8fD+NdAgMBAAECggEAA1Kx3HU93kvOg4P3lLffSylfLCokBFszoUfZnqu25H4rtCIjR0RZWHhibVPeqtT2mXpxIWkrMF28' +
      'w91whhD9AU5C8XvqBeKAjIyM6yIl74ke5zSTcgks+HQ8UpZgPOykUIkULK1ABznvO+9Q4nPlfxLNX7GdRCoYBAvS61HAhbkJ' +
      'XfQU0l8rNXHDvNO+mkFx3Q5W34Tnzs/I9Na+pz+38Vj5TIkF7FkCTJr5ic+u8CCA38vaKlhFn5I8tBd45mxdHSy92C84FmkH' +
      'BrYxpYU5WlCRaY1eGAp2XyxgMHAgLg1PQRILeWiqjKEujrsBFEBFZ+DvZzvvHbwysarcIAEaMQKBgQDy7C2bbRyAt9g76S/2' +
      '+I+EOmZPdNdbzJGgjYhbG4yFiWzDxf6RwXNDsvutTV/mwuH9jUGHYJEDyZglBVigtT8Dk+DwJe6oUIqF7a2+HtqdegFMH1JO' +
      'nGYv7LdFA2IuhacDDpeWH+XllLXG7CzqNIt4dXq7NjeCsQTMpPp8lS8BhwKBgQDqMF4x4J2mlBcknFW2BKk+UnC4KcPH1PwT' +
      'xm9tsjEfk/A31PYw5jZBCylJQEAUAjsydemb4yGUtdk3//SKOlF5nhsGPjFpQ8KM+gC8lpPsV/6VZzPg6sG5dD2vOau8al7s' +
      'ppNQklnpRYcvlqjvsFJOcCJGUDFOfYOgdY5Tv+R8+wKBgF3uHvBzb0sCS3VXBHntwKizYC4nEsLnRgQb1fbMnzhfXBQTMg0w' +
      'DR7HTXPEcGmtP28oOIddOpWJVPAzsgJqMtRyUM7rC+4/PmDs93qFOakcrPW/Qrcs2IJ9eJwR49vzSBHxiYG+EcoFB4jEd9WT' +
      'vb41RuCu5SX+xslOnaCgms1vAoGAZt32Eiyasxfrjn5JO9mSSbjGoG5f+//29ey8909FOpyt8KhPt6z3edygNvfM7b0JKaIX' +
      'igzbrEmwb2Ozk6AIN8aWEkjxRU6pP2l1N2Fg+niwcAnUBOC5VW/UxIotgGas6YBFxydx7QBIYEPqUtZ9YMzqkT4aWmLRlYLt' +
      'kKYChE8CgYEAvEcwhpzMfnoMrE/fvHxgDKffvYFbfmCWzYzaqwmMy64pCpcMYzT8KZFkeRwFBriWu+ZlmbLLq0bRFghv01NS' +
      '447xWu1qWqpiBOTcbv//1oMALIjytX30RJa8vWRDP6N3wWZB29qHhiVA4cIJ4QRjelitORoob38Afv4XTaUdHhQ=',
    platformPublic:
      'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3jnHWqv4kKIrtWpX81GBUKGGJfWZNRXwc9kNMoDuSncrcVR7qjiV' +
      'omk/JCBj+JbW14ViLpN8vmnUiGmi4ADNZjVa1vNVG031TZwSub9+31yWjOzW4ue1MWzfTPuDeXAgswqiavOlN+RuM927f658' +
      'EuLcFKI1wSOS2ECDbu89gwbZtoZB7ZgVsYtgJ1iYnRp9MfygqP9GCe/dPfJtX5noREONPYWZN5REYXs0aFPl0o1Azx0FiUwv' +
      '95HTs9hl8fv+Hp2qWv+/dT7SDZ3aw8Ps9xKeKTWi1asndHuUUgjaycBE91XiX70vUlTIgz5KjGcXZKhP78Vh0FAdIkEvHw/j' +
      'XQIDAQAB',
  },
  /** Hex: the number, and 04‖X‖Y. */
  sm2: {
    merchantPrivate: '836d9ac2159186c71663d813f03b67587f79fd897313ae281c4b68736093143b',
    merchantPublic:
      '046a45e1dfc0cedb08e2c9e37149dd93a7392e5d909ab14c1d2d9b5e100fbffd081e516071acdfc78170f268d4f28fac' +
      '52e139357a90acc01b55987a028ecc9be9',
    platformPrivate: '72aea9d461eb5b8a6524e448a97e226152a0239f5a5fd6229a4c7d7154b937c3',
    platformPublic:
      '049ccf3b5361c2a3d03b0fade3c0a5161b94e8750ffe6b437e1c643631d87e6cccb73710a3f8f0dc028751b97ca92eec' +
      '4c32fbfb60a88fd5275714b02c69ba3be6',
  },
} as const;
